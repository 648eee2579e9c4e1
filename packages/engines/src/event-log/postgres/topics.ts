import { ConfigError } from '@cinegraph/kit/config'
import type pg from 'pg'
import type { Topic } from '../event-log.js'
import { ask } from './statements.js'

/** Ids of the partitions of each topic, by its name: the index is the partition's number. */
export type Partitions = ReadonlyMap<string, readonly number[]>

const MAKE = {
  name: 'make topics',
  text: `INSERT INTO platform.log_partition (topic, partition)
    SELECT topic, generate_series(0, partitions - 1)
    FROM unnest($1::text[], $2::int[]) AS it (topic, partitions)
    WHERE topic NOT IN (SELECT topic FROM platform.log_partition)
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING`,
}

const READ = {
  name: 'read topics',
  text: `SELECT topic, array_agg(id ORDER BY partition) AS ids
    FROM platform.log_partition WHERE topic = ANY ($1) GROUP BY topic`,
}

/** Makes topics that are missing. Throws a ConfigError for one that is there with another number of partitions. */
export async function openTopics(pool: pg.Pool, topics: readonly Topic[]): Promise<Partitions> {
  const names = topics.map(({ name }) => name)
  await ask(pool, MAKE, [names, topics.map(({ partitions }) => partitions)])
  const rows = await ask<{ topic: string; ids: number[] }>(pool, READ, [names])
  const found = new Map(rows.map(({ topic, ids }) => [topic, ids]))
  const problems = topics
    .filter(({ name, partitions }) => found.get(name)?.length !== partitions)
    .map(
      ({ name, partitions }) =>
        `EVENT_LOG_URL: topic ${name} has ${found.get(name)?.length ?? 0} partitions there and ${partitions} here: partitions of a topic cannot be changed, a new one needs another name`,
    )
  if (problems.length > 0) throw new ConfigError(problems)
  return found
}
