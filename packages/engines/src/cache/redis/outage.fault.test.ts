import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clockAhead } from '../../redis/own-part.contract.js'
import { type RedisProcess, startRedis } from '../../redis/redis-process.contract.js'
import { createStage, load, type Stage, underWay } from './stage.contract.js'

const minute = { ttlMs: 60_000, tags: ['film:1'] }
// more than the default, so that a busy machine is not taken for an outage
const budgetMs = 500
const CALLS = 200

const url = realServer('redis')

describe.skipIf(url === undefined)('a cache whose Redis', () => {
  let redis: RedisProcess
  let stage: Stage
  beforeAll(async () => {
    redis = await startRedis(url!)
  })
  beforeEach(() => {
    stage = createStage(redis.url)
  })
  afterEach(async () => {
    redis.resume()
    await stage.end()
  })
  afterAll(() => redis.end())

  describe('stands still', () => {
    it('makes everything itself, waits no longer for Redis, and asks it again when it moves', async () => {
      const { log, lines } = memoryLog()
      const { cache, isUp, read } = await stage.start({ log, budgetMs })
      redis.pause()
      expect(await load(cache, 'first', 1)).toEqual({ answer: 1, made: true })
      expect(await isUp()).toBe(false)

      for (let call = 0; call < CALLS; call++) {
        expect(await load(cache, `film:${call}`, call)).toEqual({ answer: call, made: true })
      }
      expect(await read('redis_errors_total', { reason: 'late' })).toBe(1)
      expect(await read('redis_errors_total', { reason: 'skipped' })).toBe(CALLS)
      expect(await read('reads_total', { tier: 'redis', result: 'error' })).toBe(CALLS + 1)
      expect(await cache.ready()).toEqual({ ready: true })

      await until(() => lines.length > 0)
      redis.resume()
      await until(isUp)
      const other = await stage.start()
      await load(cache, 'after', 'shared')
      expect(await load(other.cache, 'after', 'made again')).toEqual({
        answer: 'shared',
        made: false,
      })
      expect(lines).toMatchObject([
        { level: 'warn', use: 'cache', reason: 'late' },
        { level: 'info', use: 'cache', msg: 'redis answers again' },
      ])
    })

    it('shares what is being made in this process, and remembers it for a second', async () => {
      const { now, advance } = clockAhead()
      const { cache, isUp } = await stage.start({ now })
      redis.pause()
      await cache.get('anything')
      expect(await isUp()).toBe(false)
      let made = 0
      const call = () => cache.load('film', minute, async () => (made += 1))
      expect(new Set(await Promise.all(Array.from({ length: 50 }, call)))).toEqual(new Set([1]))
      expect(await call()).toBe(1)
      await advance(1_000)
      expect(await call()).toBe(2)
    })

    it('remembers nothing that a purge overtook', async () => {
      const { now } = clockAhead()
      const { cache, isUp } = await stage.start({ now })
      redis.pause()
      await cache.get('anything')
      expect(await isUp()).toBe(false)
      const { waiting, gate } = await underWay(cache)
      await cache.purge(['film:1'])
      gate.resolve('old')
      expect(await waiting).toBe('old')
      expect(await load(cache, 'film', 'new')).toEqual({ answer: 'new', made: true })
    })

    it('never shows again what was purged, deleted or replaced meanwhile', async () => {
      const { cache, isUp } = await stage.start({ budgetMs })
      const keys = ['purged', 'deleted', 'replaced']
      for (const key of keys) await cache.set(key, 'old', { ttlMs: 60_000, tags: [key] })
      expect(await cache.getMany(keys)).toEqual(['old', 'old', 'old'])
      redis.pause()
      await cache.purge(['purged'])
      await cache.delete('deleted')
      await cache.set('replaced', 'new', minute)
      redis.resume()

      const seen: unknown[] = []
      await until(async () => {
        seen.push(...(await cache.getMany(keys)))
        return isUp()
      })
      const other = await stage.start()
      seen.push(...(await cache.getMany(keys)), ...(await other.cache.getMany(keys)))
      expect(seen.filter((value) => value === 'old')).toEqual([])
    })

    it('forgets everything when more was purged than it can note', async () => {
      const { cache, isUp } = await stage.start({ budgetMs })
      await cache.set('film', 'old', minute)
      redis.pause()
      await cache.purge(Array.from({ length: 10_001 }, (_, index) => `other:${index}`))
      redis.resume()
      await until(isUp)
      const { textOf } = await stage.startStore()
      expect(await textOf('film')).toBeUndefined()
    })

    it('does not keep what was sent to it before a purge, and carried out after it', async () => {
      const { cache, isUp } = await stage.start({ budgetMs })
      const answer = await cache.load('film', minute, async () => {
        redis.pause()
        return 'read before the purge'
      })
      expect(answer).toBe('read before the purge')
      await cache.purge(['film:1'])
      redis.resume()
      await until(isUp)
      const { textOf } = await stage.startStore()
      expect(await textOf('film')).toBeUndefined()
    })

    it('is not left with a value that nobody makes', async () => {
      const { cache, isUp } = await stage.start({ budgetMs })
      redis.pause()
      await load(cache, 'film', 1)
      redis.resume()
      await until(isUp)
      const client = new Redis(redis.url)
      expect(await client.exists(`${stage.prefix}cache:v1:f:film`)).toBe(0)
      client.disconnect()
    })
  })

  describe('tells nobody what was purged', () => {
    /** A cache of a user that may listen to no channel, and whose time stands still. */
    async function startDeaf() {
      const client = new Redis(redis.url)
      await client.acl('SETUSER', 'deaf', 'on', '>secret', '~*', '+@all', 'resetchannels')
      client.disconnect()
      const url = new URL(stage.url)
      url.username = 'deaf'
      url.password = 'secret'
      const { now, advance } = clockAhead()
      const { cache } = await stage.start({ url: url.href, now, budgetMs })
      const { cache: purging } = await stage.start({ now, budgetMs })
      return { cache, purging, advance }
    }

    it('remembers nothing for longer than a second', async () => {
      const { cache, purging, advance } = await startDeaf()
      await purging.set('film', 'old', minute)
      await load(cache, 'film', 'new')
      await purging.purge(['film:1'])
      // or there would be nothing to forget
      expect(await cache.get('film')).toBe('old')
      await advance(1_000)
      expect(await cache.get('film')).toBeUndefined()
    })

    it('answers with nothing stale for longer than a second', async () => {
      const { cache, purging, advance } = await startDeaf()
      await purging.set('film', 'old', { ...minute, ttlMs: 1, staleMs: 60_000 })
      await advance(1)
      const gate = Promise.withResolvers<string>()
      expect(await cache.load('film', minute, () => gate.promise)).toBe('old')
      await purging.purge(['film:1'])
      await advance(1_000)
      expect(await load(cache, 'film', 'new')).toEqual({ answer: 'new', made: true })
      gate.resolve('read before the purge')
      await cache.load('other', minute, async () => 1)
      expect(await cache.get('film')).toBe('new')
    })

    it('lets nobody share for longer than a second what was under way', async () => {
      const { cache, purging, advance } = await startDeaf()
      const { waiting, gate } = await underWay(cache)
      await purging.purge(['film:1'])
      await advance(1_000)
      expect(await load(cache, 'film', 'new')).toEqual({ answer: 'new', made: true })
      gate.resolve('old')
      expect(await waiting).toBe('old')
      expect(await cache.get('film')).toBe('new')
    })
  })

  describe('is killed', () => {
    it('makes everything itself, and uses the next Redis without a restart', async () => {
      const { log, lines } = memoryLog()
      const { now } = clockAhead()
      const [one, other] = [
        await stage.start({ log, now, budgetMs }),
        await stage.start({ now, budgetMs }),
      ]
      await load(one.cache, 'film', 'old')
      await redis.kill()
      expect(await load(one.cache, 'other', 1)).toEqual({ answer: 1, made: true })
      expect(await one.isUp()).toBe(false)
      expect(await one.cache.get('absent')).toBeUndefined()
      await one.cache.purge(['film:1'])
      expect(await load(one.cache, 'film', 'new')).toEqual({ answer: 'new', made: true })

      await redis.startAgain()
      await until(async () => (await one.isUp()) && (await other.isUp()))
      // it is remembered by the one; the other has time to hear of purges, and its own time stands still
      await load(one.cache, 'again', 1)
      expect(await load(other.cache, 'again', 2)).toEqual({ answer: 1, made: false })
      await until(async () => {
        await one.cache.purge(['film:1'])
        return (await other.cache.get('again')) === undefined
      })
      expect(lines.filter(({ level }) => level === 'error')).toEqual([])
      expect(JSON.stringify(lines)).not.toContain('p@ss')
    })

    it('lets a process that is stopped meanwhile end', async () => {
      const { cache } = await stage.start({ budgetMs })
      await redis.kill()
      await cache.purge(['film:1'])
      await cache.stop(AbortSignal.timeout(5_000))
      expect(await cache.ready()).toEqual({ ready: false, reason: 'stopped' })
      await redis.startAgain()
    })
  })
})
