import {
  MAX_HEADER_BYTES,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  type NewRecord,
  type Rewind,
  type Topic,
} from './event-log.js'

/** By name, dead letters included. Throws a RangeError for topics that no adapter could have. */
export function topicsByName(topics: readonly Topic[]): ReadonlyMap<string, Topic> {
  const all = topics.flatMap(withDeadLetters)
  const byName = new Map(all.map((topic) => [topic.name, topic]))
  if (byName.size < all.length) throw new RangeError('two topics have one name')
  for (const topic of all) checkTopic(topic)
  return byName
}

const withDeadLetters = (topic: Topic): Topic[] =>
  topic.deadLetters ? [topic, ...withDeadLetters(topic.deadLetters)] : [topic]

const NAME = /^[a-z0-9][a-z0-9.-]{0,199}$/
const MOST_PARTITIONS = 256

function checkTopic({ name, partitions, retentionMs }: Topic): void {
  if (!NAME.test(name)) throw new RangeError(`${name} is no name of a topic`)
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MOST_PARTITIONS) {
    throw new RangeError(`${name} must have 1 to ${MOST_PARTITIONS} partitions`)
  }
  if (!(retentionMs > 0)) throw new RangeError(`${name} must be kept for some time`)
}

/** The topic of that name. Throws a RangeError when there is none. */
export function topicOf(topics: ReadonlyMap<string, Topic>, name: string): Topic {
  const topic = topics.get(name)
  if (!topic) throw new RangeError(`the log was opened without a topic ${name}`)
  return topic
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const UNSTORABLE = /[\0\p{Surrogate}]/u

/** Throws a RangeError for a record that no adapter could take as it is. */
export function checkRecord({ id, key, headers, value }: NewRecord): void {
  if (!UUID.test(id)) throw new RangeError('the id of a record must be a UUID in lower case')
  const headerTexts = Object.entries(headers).flat()
  checkText(`the key of record ${id}`, [key], MAX_KEY_BYTES)
  checkText(`the headers of record ${id}`, headerTexts, MAX_HEADER_BYTES)
  checkText(`the value of record ${id}`, [value], MAX_VALUE_BYTES)
}

function checkText(what: string, texts: readonly string[], mostBytes: number): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (bytes > mostBytes) throw new RangeError(`${what}: ${bytes} bytes, more than ${mostBytes}`)
  if (texts.some((text) => UNSTORABLE.test(text))) {
    throw new RangeError(`${what}: text with U+0000 or half of a surrogate pair`)
  }
}

/** Throws a RangeError for a partition that the topic does not have. */
export function checkRewind({ name, partitions }: Topic, { to }: Rewind): void {
  if (typeof to === 'string' || to instanceof Date) return
  if (Number.isInteger(to.partition) && to.partition >= 0 && to.partition < partitions) return
  throw new RangeError(`${name} has no partition ${to.partition}`)
}
