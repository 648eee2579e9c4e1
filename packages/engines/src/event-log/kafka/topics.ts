import type { Logger } from '@cinegraph/kit/logger'
// not all of its names can be imported one by one
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs'
import type { Topic } from '../event-log.js'

/** What the largest record takes with its headers, and any that are written together. */
const MESSAGE_BYTES = 2 * 1024 * 1024
const MAKE_MS = 10_000

export interface TopicsOptions {
  topics: readonly Topic[]
  /** Copies of topics that are made. */
  replicas: number | undefined
  log: Logger
}

/**
 * Makes topics that are missing; those that are there stay as they are. What is wrong with them, for people: another number of
 * partitions, or no room for records as large as ours may be.
 */
export async function openTopics(admin: Admin, options: TopicsOptions): Promise<string[]> {
  const { topics, replicas, log } = options
  if (topics.length === 0) return []
  const there = new Set(await admin.listTopics())
  const missing = topics.filter(({ name }) => !there.has(name))
  if (missing.length > 0) {
    // it waits until each partition has a leader; one that somebody else makes at this moment is no error
    await admin.createTopics({
      topics: missing.map((topic) => configOf(topic, replicas)),
      timeout: MAKE_MS,
    })
    log.info({ topics: missing.map(({ name }) => name) }, 'topics made')
  }
  return [...(await partitionProblems(admin, topics)), ...(await settingProblems(admin, options))]
}

const settingsOf = ({ retentionMs }: Topic) => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionMs),
  'max.message.bytes': String(MESSAGE_BYTES),
  // clocks of processes differ
  'message.timestamp.type': 'LogAppendTime',
})

function configOf(topic: Topic, replicas: number | undefined): ITopicConfig {
  const settings = {
    ...settingsOf(topic),
    // what was acknowledged survives the loss of a broker, and a broker may be away
    ...(replicas !== undefined && { 'min.insync.replicas': String(Math.max(1, replicas - 1)) }),
  }
  return {
    topic: topic.name,
    numPartitions: topic.partitions,
    ...(replicas !== undefined && { replicationFactor: replicas }),
    configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
  }
}

async function partitionProblems(admin: Admin, topics: readonly Topic[]): Promise<string[]> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map((it) => it.name) })
  const counts = new Map(found.map(({ name, partitions }) => [name, partitions.length]))
  return topics
    .filter(({ name, partitions }) => counts.get(name) !== partitions)
    .map(
      ({ name, partitions }) =>
        `EVENT_LOG_URL: topic ${name} has ${counts.get(name) ?? 0} partitions there and ${partitions} here: partitions of a topic cannot be changed, a new one needs another name`,
    )
}

async function settingProblems(admin: Admin, { topics, log }: TopicsOptions): Promise<string[]> {
  const problems: string[] = []
  const { resources } = await admin.describeConfigs({
    resources: topics.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    includeSynonyms: false,
  })
  for (const topic of topics) {
    const entries = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries
    for (const [setting, here] of Object.entries(settingsOf(topic))) {
      const there = entries?.find(({ configName }) => configName === setting)?.configValue
      if (setting === 'max.message.bytes') {
        if (Number(there) >= MESSAGE_BYTES) continue
        problems.push(
          `EVENT_LOG_URL: topic ${topic.name} takes messages of ${there} bytes at most: set its max.message.bytes to ${here}`,
        )
      } else if (there !== here) {
        log.warn({ topic: topic.name, setting, there, here }, 'topic is set otherwise')
      }
    }
  }
  return problems
}
