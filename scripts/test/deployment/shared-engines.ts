import { randomUUID } from 'node:crypto'
import { realServer } from '@cinegraph/testkit/real-server'

/** Settings of what several processes share besides Postgres: a part of the Redis of TEST_REDIS_URL. Without it each has its own. */
export function sharedEngines(): Record<string, string> {
  const redis = realServer('redis')
  if (redis === undefined) return {}
  const part = (engine: string) =>
    `${redis}?prefix=${encodeURIComponent(`e2e-${randomUUID()}:${engine}:`)}`
  return { CACHE_URL: part('cache'), COUNTERS_URL: part('counters') }
}
