import { DependencyError } from '@cinegraph/kit/errors'
import { createService, type Readiness } from '@cinegraph/kit/lifecycle'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { everything, film } from '../contract/catalogue.contract.js'
import type { FilmHitPage, FilmQuery, SearchIndex } from '../search-index.js'
import { createFallbackIndex } from './search-index.js'

// what answers at all, answers before any timer does
const BUDGET_MS = 20
const PATIENT_MS = 600_000
const SLOW = { ...everything, text: 'slow' }
const LOST = { ...everything, text: 'lost' }

const forEver = new Promise<never>(() => {})
const unasked = () => Promise.reject(new Error('nobody asks this'))

/** An index in memory that finds itself. It answers everything at once, the primary but for `slow` and `lost`, until it stands still. */
class Fake {
  asked = 0
  standsStill = false
  readonly written: string[] = []

  constructor(private readonly name: string) {}

  async films({ text, after }: Partial<FilmQuery>): Promise<FilmHitPage> {
    this.asked += 1
    if (this.standsStill) return forEver
    if (this.name === 'primary' && text === 'slow') return forEver
    if (this.name === 'primary' && text === 'lost') throw new DependencyError('primary', 'lost')
    const hit = { id: `${this.name} after ${after}`, cursor: '1', highlights: [] }
    return { hits: [hit], hasNextPage: true, didYouMean: null }
  }

  async ready(): Promise<Readiness> {
    return this.standsStill ? forEver : { ready: true }
  }

  get index(): SearchIndex {
    return {
      ...createService({ name: this.name }),
      ready: () => this.ready(),
      isComplete: unasked,
      rebuild: unasked,
      upsert: async (_, documents) => {
        if (this.standsStill) await forEver
        this.written.push(...documents.map(({ id }) => id))
      },
      remove: unasked,
      count: () => (this.standsStill ? forEver : Promise.resolve(1)),
      digests: unasked,
      films: (query) => this.films(query),
      filmLists: (queries) => Promise.all(queries.map((query) => this.films(query))),
      filmCount: unasked,
      filmFacets: unasked,
      similarFilms: unasked,
      similarLists: unasked,
      filmCountsByGenre: unasked,
      filmCountsByPerson: unasked,
      creditsOf: unasked,
      audiences: unasked,
      persons: unasked,
      personCount: unasked,
      suggest: unasked,
    }
  }
}

let primary: Fake
let standby: Fake
let unsent: string[]
let lacks: { isEmpty: () => Promise<boolean>; send: () => Promise<void> }
let index: SearchIndex
beforeEach(async () => {
  primary = new Fake('primary')
  standby = new Fake('standby')
  unsent = []
  lacks = {
    isEmpty: async () => unsent.length === 0,
    send: async () => void unsent.splice(0),
  }
  index = await open(BUDGET_MS)
})
afterEach(() => index.stop(AbortSignal.abort()))

async function open(budgetMs: number): Promise<SearchIndex> {
  const both = createFallbackIndex({
    ...{ primary: primary.index, standby: standby.index, isOutage: () => true },
    unsent: {
      start: async () => {},
      note: async (_, rows) => void unsent.push(...rows.map(({ id }) => id)),
      isEmpty: () => lacks.isEmpty(),
      send: () => lacks.send(),
    },
    ...{ log: memoryLog().log, budgetMs },
  })
  await both.start()
  return both
}

const found = ({ hits }: FilmHitPage) => hits[0]!.id
const ask = async (query: FilmQuery) => found(await index.films(query))
const cursorOf = async (query: FilmQuery) => (await index.films(query)).hits[0]!.cursor

describe('a question that is late', () => {
  it('is answered by the standby, and costs others nothing', async () => {
    const after = await cursorOf(everything)
    expect(await ask(SLOW)).toBe('standby after undefined')
    expect(await ask({ ...everything, after })).toBe('primary after 1')
    await index.upsert('film', [film('a')])
    expect([primary.written, unsent]).toEqual([['a'], []])
    await until(() => index.degraded === false)
    expect(await ask(everything)).toBe('primary after undefined')
  })

  it('shares a look with others, during which lists go on and writes arrive', async () => {
    await index.stop(AbortSignal.abort())
    index = await open(PATIENT_MS)
    const after = await cursorOf(everything)
    const look = Promise.withResolvers<Readiness>()
    let looks = 0
    primary.ready = () => {
      looks += 1
      return look.promise
    }
    const lost = await Promise.all([ask(LOST), ask(LOST), ask(LOST)])
    expect(new Set(lost)).toEqual(new Set(['standby after undefined']))
    expect(await ask(everything)).toBe('standby after undefined')
    expect(await ask({ ...everything, after })).toBe('primary after 1')
    const lists = await index.filmLists([everything, { ...everything, after }])
    expect(lists.map((it) => found(it as FilmHitPage))).toEqual([
      'standby after undefined',
      'primary after 1',
    ])
    await index.upsert('film', [film('a')])
    expect([index.degraded, looks, primary.written, unsent]).toEqual([true, 1, ['a'], []])
    look.resolve({ ready: true })
    await until(async () => (await ask(everything)) === 'primary after undefined')
  })

  it('is no question of the database, which may be slow as well', async () => {
    const empty = Promise.withResolvers<boolean>()
    lacks.isEmpty = () => empty.promise
    expect(await ask(SLOW)).toBe('standby after undefined')
    await until(async () => (await ask(everything)) === 'primary after undefined')
    empty.resolve(true)
  })
})

describe.each([
  ['stands still', () => forEver],
  ['is ready and answers no question', async () => ({ ready: true }) as const],
])('a primary that %s', (_, ready) => {
  it('costs its budget once, and what is written meanwhile is noted', async () => {
    const before = await cursorOf(everything)
    const { asked } = primary
    primary.standsStill = true
    primary.ready = ready
    for (let times = 0; times < 20; times++) {
      expect(await ask(everything)).toBe('standby after undefined')
    }
    expect(primary.asked).toBe(asked + 1)
    await index.upsert('film', [film('a')])
    expect([index.degraded, unsent]).toEqual([true, ['a']])
    await expect(ask({ ...everything, after: before })).rejects.toThrow(DependencyError)
    primary.standsStill = false
    primary.ready = async () => ({ ready: true })
    await until(() => index.degraded === false)
    expect([unsent, await ask({ ...everything, after: before })]).toEqual([[], 'primary after 1'])
  })
})

it('takes no write with it when it stands still while it is sent what it lacks', async () => {
  const write = (id: string) => index.upsert('film', [film(id)])
  lacks.send = () => forEver
  primary.standsStill = true
  await ask(everything)
  await until(() => index.degraded === true)
  await write('a')
  primary.standsStill = false
  await until(async () => {
    await write('b')
    return primary.written.includes('b')
  })
  expect(index.degraded).toBe(true)
  primary.standsStill = true
  await write('c')
  expect(unsent.at(-1)).toBe('c')
})

it('fails only the lists of a request that cannot go on', async () => {
  const of = async (query: FilmQuery) => ({ ...query, after: await cursorOf(query) })
  const begunInPrimary = await of(everything)
  primary.standsStill = true
  const begunInStandby = await of(everything)
  const queries = [everything, begunInPrimary, begunInStandby, begunInPrimary]
  const lists = async () =>
    (await index.filmLists(queries)).map((it) => (it instanceof Error ? it.name : found(it)))
  const stuck = 'DependencyError'
  const others = ['standby after undefined', 'standby after 1'] as const
  expect(await lists()).toEqual([others[0], stuck, others[1], stuck])
  primary.standsStill = false
  await until(() => index.degraded === false)
  expect(await lists()).toEqual([
    'primary after undefined',
    'primary after 1',
    'standby after 1',
    'primary after 1',
  ])
})
