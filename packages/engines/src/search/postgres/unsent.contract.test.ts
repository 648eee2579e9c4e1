import { DependencyError } from '@cinegraph/kit/errors'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeEach, expect, it } from 'vitest'
import { film } from '../contract/catalogue.contract.js'
import { Unsent } from './unsent.js'

const { log, lines } = memoryLog()
let unsent: Unsent
beforeEach(async () => {
  const { pool } = await openTestPostgres()
  unsent = new Unsent({ pool, release: 'r', log })
  await unsent.start()
  await unsent.note('film', [{ ...film('a'), document: film('a') }, film('b', { version: 2 })])
})

it('sends what was removed also when the index refuses a document beside it', async () => {
  const removed: string[] = []
  await unsent.send({
    upsert: () => Promise.reject(new Error('documents were refused')),
    remove: async (_, entries) => void removed.push(...entries.map(({ id }) => id)),
  })
  expect(removed).toEqual(['b'])
  expect(await unsent.isEmpty()).toBe(true)
  expect(lines).toMatchObject([{ level: 'error', err: { message: 'documents were refused' } }])
})

it('keeps everything while the index does not answer', async () => {
  const upsert = () => Promise.reject(new DependencyError('search', 'lost'))
  await expect(unsent.send({ upsert, remove: async () => {} })).rejects.toThrow(DependencyError)
  expect(await unsent.isEmpty()).toBe(false)
})
