import { DependencyError } from '@cinegraph/kit/errors'
import { realServer } from '@cinegraph/testkit/real-server'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCallers } from '../redis/caller-processes.contract.js'
import { ownParts, withBudget } from '../redis/own-part.contract.js'
import { type RedisProcess, startRedis } from '../redis/redis-process.contract.js'
import { openCounters } from './open.js'

const minute = { windowMs: 60_000 }
const url = realServer('redis')

describe.skipIf(url === undefined)('counters in Redis', () => {
  it('give each of 1,000 callers in four processes a number of their own', async () => {
    const parts = ownParts(url!)
    const own = { url: parts.newUrl(), what: 'increment', calls: 250, makeMs: 0 } as const
    const callers = await startCallers(4, own)
    for (const { go } of callers) go()
    const answers = await Promise.all(callers.map((it) => it.answers()))
    const counts = answers.flat().sort((a, b) => a - b)
    expect(counts).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1))
    await parts.clean()
  })

  it('count by the clock of the server when none is given', async () => {
    const parts = ownParts(url!)
    const counters = openCounters({ url: parts.newUrl() })
    await counters.start()
    const { count, expiresInMs } = await counters.increment('a', minute)
    expect({ count, expiresInMs }).toEqual({ count: 1, expiresInMs: 60_000 })
    await counters.increment('short', { windowMs: 1 })
    await eventually(async () => expect(await counters.read('short')).toBeUndefined())
    await counters.stop(AbortSignal.timeout(5_000))
    await parts.clean()
  })

  describe('that it does not answer for', () => {
    let redis: RedisProcess
    beforeAll(async () => {
      redis = await startRedis(url!)
    })
    afterAll(() => redis.end())

    it('are refused at once, and counted again when it does', async () => {
      const counters = openCounters({ url: withBudget(redis.url, 500) })
      await counters.start()
      await counters.increment('a', minute)
      redis.pause()
      const asked = [
        () => counters.increment('a', minute),
        () => counters.read('a'),
        () => counters.reset('a'),
      ]
      for (const ask of asked) await expect(ask()).rejects.toThrow(DependencyError)
      // sessions go on without counters, so the process stays ready
      expect(await counters.ready()).toEqual({ ready: true })
      redis.resume()
      // the increment that was sent before it stood still may have been counted; those passed over were not
      await eventually(async () => {
        const found = await counters.read('a')
        expect(found?.count).toBeLessThanOrEqual(2)
      })

      await redis.kill()
      await expect(counters.increment('a', minute)).rejects.toThrow(DependencyError)
      await redis.startAgain()
      await eventually(async () =>
        expect(await counters.increment('b', minute)).toMatchObject({ count: 1 }),
      )
      await counters.stop(AbortSignal.timeout(5_000))
    })
  })
})
