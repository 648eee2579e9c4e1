import { randomUUID } from 'node:crypto'
import { realServer } from '@cinegraph/testkit/real-server'

/**
 * Settings of what several processes share besides Postgres: the real servers that there are. Parts of their own keep tests apart in
 * Redis and Elasticsearch. In Kafka they are one group, so only one may run at a time: with `E2E_TARGET=processes`, file after file.
 * Without Redis each process has a cache of its own. A machine that does other things as well is patient with both.
 */
export function sharedEngines(): Record<string, string> {
  const prefix = `e2e-${randomUUID()}`
  const redis = realServer('redis')
  const kafka = process.env['E2E_TARGET'] === 'processes' ? realServer('kafka') : undefined
  const elasticsearch = realServer('elasticsearch')
  const part = (engine: string) => `${redis}?prefix=${prefix}:${engine}:&budgetMs=5000`
  return {
    ...(redis && { CACHE_URL: part('cache'), COUNTERS_URL: part('counters') }),
    ...(kafka && { EVENT_LOG_URL: kafka }),
    ...(elasticsearch && { SEARCH_URL: `${elasticsearch}/?prefix=${prefix}&budgetMs=10000` }),
  }
}
