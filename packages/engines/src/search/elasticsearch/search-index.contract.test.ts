import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { beforeEach, describe, expect, it } from 'vitest'
import { credit, film, person } from '../contract/catalogue.contract.js'
import type { SearchIndex } from '../search-index.js'
import { ownIndexes } from './own-indexes.contract.js'
import { createElasticsearchIndex } from './search-index.js'
import { RefusedDocuments } from './write.js'

// a machine that does other things as well
const PATIENT_MS = 30_000
const url = realServer('elasticsearch')

describe.skipIf(url === undefined)('the index in Elasticsearch', { timeout: 120_000 }, () => {
  const own = ownIndexes(url ?? '')
  const open = async () => {
    const index = createElasticsearchIndex({
      ...{ url: own.url, log: memoryLog().log, readMs: PATIENT_MS },
    })
    await index.start()
    return index
  }
  let index: SearchIndex
  beforeEach(async () => {
    await own.clear()
    index = await open()
  })

  it('writes all of ten thousand documents but those that it cannot hold, and names these', async () => {
    const bad = new Map([
      [17, { ageRating: 2 ** 40 }],
      [5_003, { releaseYear: 1e12 }],
      [9_999, { ageRating: 2 ** 40 }],
    ])
    const films = Array.from({ length: 10_000 }, (_, number) =>
      film(`f${number}`, bad.get(number) ?? {}),
    )
    const error = await index.upsert('film', films).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(RefusedDocuments)
    expect([...(error as RefusedDocuments).reasons.keys()]).toEqual(['f17', 'f5003', 'f9999'])
    expect(await index.count('film')).toBe(10_000 - bad.size)
  })

  it('starts in several processes at once', async () => {
    await own.clear()
    const indexes = await Promise.all([open(), open(), open()])
    await indexes[0].upsert('film', [film('a')])
    expect(await Promise.all(indexes.map((it) => it.count('film')))).toEqual([1, 1, 1])
    expect(await own.list()).toHaveLength(1)
  })

  it('clears up behind a rebuild whose process died, once its lease is over', async () => {
    await index.rebuild((next) => next.upsert('film', [film('a')]))
    const [name] = await own.list()
    const lease = (until: number) =>
      own.client.index({
        ...{ index: name!, id: 'lease', refresh: true },
        document: { kind: 'lease', owner: 'gone', until },
      })
    await lease(Date.now() + 60_000)
    expect(await index.rebuild(async () => {})).toBe('busy')
    const next = `${name!.slice(0, name!.lastIndexOf('-'))}-next`
    const { [name!]: made } = await own.client.indices.get({ index: name! })
    await own.client.indices.create({
      ...{
        index: `${name!}x`,
        mappings: made!.mappings!,
        aliases: { [next]: {}, [`${name!}x-written`]: {} },
      },
      settings: { analysis: made!.settings!.index!.analysis! },
    })
    await index.upsert('film', [film('b')])
    await lease(0)
    expect(await index.rebuild((it) => it.upsert('film', [film('c')]))).toBe('done')
    expect(await own.list()).toHaveLength(1)
    expect((await index.digests('film', { after: null, limit: 9 })).map(({ id }) => id)).toEqual([
      'c',
    ])
  })

  it('counts persons again whom a writer left uncounted that died', async () => {
    const byFilms = {
      language: 'en',
      sort: 'FILM_COUNT',
      audiences: ['everyone'],
      first: 9,
    } as const
    const order = async () => (await index.persons(byFilms)).hits.map(({ id }) => id)
    await index.upsert(
      'person',
      ['p', 'q'].map((id) => person(id, id, id)),
    )
    await index.upsert('film', [film('a', { credits: [credit('p')] })])
    expect(await order()).toEqual(['p', 'q'])
    // a writer exchanged the persons, and died before it counted anybody
    const [name] = await own.list()
    await own.client.update({
      ...{ index: name!, id: 'film:a', refresh: true },
      doc: { version: 2, person_ids: ['q'], credits: ['q', 'q:ACTOR'], uncounted: ['p', 'q'] },
    })
    expect(await order()).toEqual(['p', 'q'])
    await index.upsert('film', [film('a', { version: 3, credits: [credit('q')] })])
    expect(await order()).toEqual(['q', 'p'])
  })
})
