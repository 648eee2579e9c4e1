import { hash } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { LUA_NOW } from '../redis/lua-now.js'
import { Redis } from '../redis/redis.js'
import { parseRedisUrl } from '../redis/redis-url.js'
import { checkIncrement, type Count, type Counters } from './counters.js'

export interface RedisCountersOptions {
  /** `redis://user:password@host:6379/0?prefix=cinegraph:` */
  url: string
  log: Logger | undefined
  metrics: Registry | undefined
  /** The server's own clock by default, so that processes need not agree on theirs. */
  now: Clock | undefined
}

// a counter is a hash: how much it has counted, and until when (milliseconds); expiry only cleans up behind it
const HEAD = `${LUA_NOW}
local key = ARGV[1]
local ends = tonumber(redis.call('HGET', key, 'until') or 0)
`
const SCRIPTS = {
  increment: `${HEAD}
if ends <= now then
  ends = now + ARGV[4]
  redis.call('DEL', key)
  redis.call('HSET', key, 'until', ends)
  redis.call('PEXPIREAT', key, ends)
end
return { redis.call('HINCRBY', key, 'count', ARGV[3]), ends - now }`,
  read: `${HEAD}
if ends <= now then return false end
return { tonumber(redis.call('HGET', key, 'count')), ends - now }`,
  reset: `return redis.call('DEL', ARGV[1])`,
}

/** The counters of all processes with one Redis, exact for all of them. They are not asked for while it is away: that is a DependencyError. */
export function createRedisCounters(options: RedisCountersOptions): Counters {
  const { log, metrics, now } = options
  const setting = 'COUNTERS_URL'
  const url = parseRedisUrl({ url: options.url, setting })
  const redis = new Redis({
    ...{ url, setting, use: 'counters', scripts: SCRIPTS, log, metrics },
  })
  const service = createService({
    name: 'counters',
    start: () => redis.start(),
    stop: async () => redis.stop(),
  })
  const time = () => now?.().getTime() ?? ''
  // of one size, however long the key is
  const nameOf = (key: string) => `${url.prefix}counters:v1:${hash('sha256', key, 'base64url')}`
  return {
    ...service,
    async increment(key, increment) {
      const { windowMs, amount } = checkIncrement(increment)
      const args = [nameOf(key), time(), amount, windowMs]
      return countOf((await redis.ask('increment', args)) as Reply)
    },
    async read(key) {
      const found = (await redis.ask('read', [nameOf(key), time()])) as Reply | null
      return found ? countOf(found) : undefined
    },
    async reset(key) {
      await redis.ask('reset', [nameOf(key)])
    },
  }
}

type Reply = readonly [count: number, expiresInMs: number]

const countOf = ([count, expiresInMs]: Reply): Count => ({ count, expiresInMs })
