import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clockAhead } from '../../redis/own-part.contract.js'
import type { Cache } from '../cache.js'
import { createStage, load, type Stage, underWay } from './stage.contract.js'
import { EVERYTHING, MAX_VALUE_BYTES, Store } from './store.js'

const url = realServer('redis')
const minute = { ttlMs: 60_000, tags: ['film:1'] }

describe.skipIf(url === undefined)('caches with one Redis', () => {
  let stage: Stage
  let clock: ReturnType<typeof clockAhead>
  let one: Cache
  let other: Cache
  let read: Awaited<ReturnType<Stage['start']>>['read']
  beforeEach(async () => {
    stage = createStage(url!)
    clock = clockAhead()
    const options = { now: clock.now }
    ;({ cache: one, read } = await stage.start(options))
    ;({ cache: other } = await stage.start(options))
  })
  afterEach(() => stage.end())

  it('have what any of them wrote or made', async () => {
    await one.set('written', 1, minute)
    await one.load('made', minute, async () => 2)
    expect(await other.getMany(['written', 'made', 'neither'])).toEqual([1, 2, undefined])
  })

  it.each([
    ['a purge', () => one.purge(['film:1']), undefined],
    ['a delete', () => one.delete('film'), undefined],
    ['a write', () => one.set('film', 'new', minute), 'new'],
    ['a purge of everything', () => one.purge([EVERYTHING]), undefined],
  ])('hear of %s at once', async (_name, change, left) => {
    await one.set('film', 'old', minute)
    expect(await other.get('film')).toBe('old')
    await change()
    // time stands still: nothing but the news can end what it remembers
    await until(async () => (await other.get('film')) === left)
  })

  it('make a value once for all, and wait for whoever makes it', async () => {
    const { waiting, gate } = await underWay(one)
    const others = [load(other, 'film', 'again'), load(other, 'film', 'again')]
    gate.resolve('made')
    expect(await waiting).toBe('made')
    expect(await Promise.all(others)).toEqual([
      { answer: 'made', made: false },
      { answer: 'made', made: false },
    ])
  })

  it('make a value themselves when whoever made it failed', async () => {
    const { waiting, gate } = await underWay(one)
    const answer = load(other, 'film', 'made')
    gate.reject(new Error('the source is down'))
    await expect(waiting).rejects.toThrow('the source is down')
    expect(await answer).toEqual({ answer: 'made', made: true })
  })

  it('answer with the stale value while one of them makes a new one', async () => {
    await one.set('film', 'old', { ttlMs: 1_000, staleMs: 60_000 })
    await clock.advance(1_000)
    const { waiting, gate } = await underWay(one)
    expect(await waiting).toBe('old')
    expect(await load(other, 'film', 'again')).toEqual({ answer: 'old', made: false })
    gate.resolve('new')
    await until(async () => (await other.get('film')) === 'new')
  })

  it.each([
    ['a purge', () => other.purge(['film:1']), undefined],
    ['a delete', () => other.delete('film'), undefined],
    ['a write', () => other.set('film', 'newer', minute), 'newer'],
  ])('do not keep what another overtook by %s', async (_name, overtake, left) => {
    const { waiting, gate } = await underWay(one)
    await overtake()
    gate.resolve('old')
    expect(await waiting).toBe('old')
    expect([await one.get('film'), await other.get('film')]).toEqual([left, left])
  })

  it('do not wait after a purge for what was begun before it', async () => {
    const { waiting, gate } = await underWay(one)
    await other.purge(['film:1'])
    expect(await load(other, 'film', 'new')).toEqual({ answer: 'new', made: true })
    gate.resolve('old')
    expect(await waiting).toBe('old')
    expect(await one.get('film')).toBe('new')
  })

  it.each([
    ['get', () => one.get('film')],
    ['load', () => load(one, 'film', 'new')],
  ])('do not remember what a %s was finding when it was purged', async (_name, find) => {
    await other.set('film', 'old', minute)
    const finding = find()
    await one.purge(['film:1'])
    await finding
    expect(await one.get('film')).toBeUndefined()
  })

  it('keep nothing of a write that a purge overtook', async () => {
    const { ask, store, textOf } = await stage.startStore()
    const purged = new Store({
      prefix: stage.prefix,
      now: clock.now,
      async ask(command, args) {
        if (command === 'keep') await store.forget({ keys: [], tags: ['film:1'] })
        return ask(command, args)
      },
    })
    expect(await purged.write('film', '"old"', minute)).toBe(false)
    expect(await textOf('film')).toBeUndefined()
  })

  it('do not keep a value that is too large, nor the one before it', async () => {
    const large = 'x'.repeat(MAX_VALUE_BYTES)
    await one.set('film', 'old', minute)
    await one.set('film', large, minute)
    expect(await other.get('film')).toBeUndefined()
    expect(await load(one, 'film', large)).toEqual({ answer: large, made: true })
    expect(await load(other, 'film', 'small')).toEqual({ answer: 'small', made: true })
  })

  it('leave nothing behind that does not expire', async () => {
    await one.load('other', { ttlMs: 86_400_000, tags: ['film:1'] }, async () => 1)
    const { waiting, gate } = await underWay(one)
    const expiries = await stage.expiries()
    expect(Object.keys(expiries).sort()).toEqual(['e:other', 'f:film', 'g:', 'g:film:1'])
    expect(Object.entries(expiries).filter(([, ms]) => ms < 0)).toEqual([])
    gate.resolve('made')
    await waiting
  })

  it('keep the generations of an entry for as long as the entry', async () => {
    const { textOf } = await stage.startStore()
    await one.load('film', { ttlMs: 86_400_000, staleMs: 1, tags: ['film:1'] }, async () => 1)
    const expiries = await stage.expiries()
    expect(expiries['g:film:1']).toBeGreaterThan(86_000_000)
    expect(expiries['g:']).toBeGreaterThan(86_000_000)
    expect(await textOf('film')).toBe('1')
  })

  it('count reads for each tier, and what Redis does', async () => {
    const reads = async (tier: string, result: string) => read('reads_total', { tier, result })
    await one.load('film', minute, async () => 1)
    await one.load('film', minute, async () => 1)
    await clock.advance(1_000)
    await one.get('film')
    await one.get('absent')
    expect(await reads('process', 'hit')).toBe(1)
    expect(await reads('process', 'miss')).toBe(3)
    expect(await reads('redis', 'hit')).toBe(1)
    expect(await reads('redis', 'miss')).toBe(2)
    expect(await read('loads_total', { result: 'success' })).toBe(1)
    expect(await read('redis_up')).toBe(1)
    expect(await read('redis_errors_total')).toBe(0)
    expect(await read('redis_seconds', { command: 'keep', le: '+Inf' })).toBe(1)
  })
})
