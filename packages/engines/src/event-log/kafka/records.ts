import { createHash } from 'node:crypto'
import type { IHeaders, KafkaMessage, Message } from 'kafkajs'
import type { LogRecord, NewRecord } from '../event-log.js'

/** The header that holds a record's id; the last one, should there be several of this name. */
const ID = 'record-id'

export function messageOf({ id, key, headers, value }: NewRecord): Message {
  const own = Object.hasOwn(headers, ID) ? [headers[ID]!, id] : id
  return { key, value, headers: { ...headers, [ID]: own } }
}

/** A message as a record, also one that somebody else wrote. */
export function recordOf(topic: string, partition: number, message: KafkaMessage): LogRecord {
  const { key, value, offset, timestamp } = message
  const { id, headers } = readHeaders(message.headers ?? {})
  return {
    ...{ topic, partition, offset: Number(offset), appendedAt: new Date(Number(timestamp)) },
    id: id ?? idOfPlace(`${topic}:${partition}:${offset}`),
    ...{ key: key?.toString() ?? '', headers, value: value?.toString() ?? '' },
  }
}

function readHeaders(given: IHeaders) {
  let id: string | undefined
  const headers: [name: string, value: string][] = []
  for (const [name, value] of Object.entries(given)) {
    // the client takes names such as `constructor` for ones that it has seen: the value is the last
    const values = Array.isArray(value) ? value : [value]
    if (name === ID) id = String(values.at(-1) ?? '')
    const own = name === ID ? values.slice(0, -1) : values
    if (own.length > 0) headers.push([name, String(own.at(-1) ?? '')])
  }
  return { id, headers: Object.fromEntries(headers) }
}

/** The same each time it is read. */
const idOfPlace = (place: string): string =>
  createHash('sha256')
    .update(place)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
