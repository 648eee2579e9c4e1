import { expect, it } from 'vitest'
import type { LogRecord } from '../event-log.js'
import { Inbox } from './inbox.js'

const recordAt = (offset: number, value = 'x'): LogRecord => ({
  ...{ topic: 't', partition: 0, offset, appendedAt: new Date(0) },
  ...{ id: '', key: '', headers: {}, value },
})
const offsetsOf = (records: readonly LogRecord[]) => records.map(({ offset }) => offset)

it('gives batches within the limit of records, and knows where to go on', () => {
  const inbox = new Inbox({ maxRecords: 2, maxBytes: 100 }, 7)
  expect([inbox.next, inbox.isFull]).toEqual([7, false])
  inbox.put([recordAt(7), recordAt(8), recordAt(10)])
  expect([inbox.next, inbox.isFull]).toEqual([11, true])
  expect(offsetsOf(inbox.take())).toEqual([7, 8])
  expect(inbox.isFull).toBe(false)
  expect(offsetsOf(inbox.take())).toEqual([10])
  expect(inbox.take()).toEqual([])
})

it('gives no more bytes than asked for, but for a record that is larger', () => {
  const inbox = new Inbox({ maxRecords: 9, maxBytes: 4 }, 0)
  inbox.put([recordAt(0, 'ёё'), recordAt(1, 'x'), recordAt(2, 'ёёё'), recordAt(3, 'xx')])
  expect(inbox.isFull).toBe(true)
  expect(offsetsOf(inbox.take())).toEqual([0])
  expect(offsetsOf(inbox.take())).toEqual([1])
  expect(offsetsOf(inbox.take())).toEqual([2])
  expect(inbox.isFull).toBe(false)
  expect(offsetsOf(inbox.take())).toEqual([3])
})
