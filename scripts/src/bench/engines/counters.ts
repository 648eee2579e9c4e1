import type { Counters } from '@cinegraph/engines/counters/counters'
import { openCounters } from '@cinegraph/engines/counters/open'
import type { Redis } from 'ioredis'
import type { Measure } from './measure.js'
import { withRedisPart } from './redis-part.js'

const STOP_MS = 10_000
/** In memory one is too short to be measured. */
const AT_A_TIME = 1_000
const WINDOW = { windowMs: 3_600_000 }

export const benchMemoryCounters = (measure: Measure): Promise<void> =>
  withCounters('memory:', async (counters) => {
    const counts = new Map<string, number>()
    const names = Array.from({ length: AT_A_TIME }, (_, number) => `log-in:${number}`)
    await measure(`counters in memory: ${AT_A_TIME} raised`, {
      baseline: {
        name: 'numbers in a Map',
        async run() {
          for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
          return counts.get(names[0]!)
        },
      },
      candidate: {
        name: 'increment',
        async run() {
          let count = 0
          for (const name of names) ({ count } = await counters.increment(name, WINDOW))
          return count
        },
      },
    })
  })

/** What a limit in Redis is usually made of: it begins when it is first raised. */
const USUAL = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`

export const benchRedisCounters = (server: string, measure: Measure): Promise<void> =>
  withRedisPart(server, ({ url, client, nameOf }) =>
    withCounters(url.href, async (counters) => {
      const raise = (key: string) => counters.increment(key, WINDOW).then(({ count }) => count)
      await measure('counters in Redis: one raised, beside INCR', {
        baseline: { name: 'INCR', run: () => client.incr(nameOf('a')) },
        candidate: { name: 'increment', run: () => raise('a') },
      })
      const usual = scriptOf(client)
      await measure('counters in Redis: one raised, beside a script', {
        baseline: { name: 'EVALSHA of INCR and PEXPIRE', run: () => usual(nameOf('b')) },
        candidate: { name: 'increment', run: () => raise('b') },
      })
    }),
  )

function scriptOf(client: Redis) {
  client.defineCommand('usual', { lua: USUAL, numberOfKeys: 1 })
  const { usual } = client as Redis & {
    usual: (key: string, ms: number) => Promise<[count: number, expiresInMs: number]>
  }
  return async (key: string) => (await usual.call(client, key, WINDOW.windowMs))[0]
}

async function withCounters(url: string, use: (counters: Counters) => Promise<void>) {
  const counters = openCounters({ url })
  await counters.start()
  try {
    await use(counters)
  } finally {
    await counters.stop(AbortSignal.timeout(STOP_MS))
  }
}
