import { randomUUID } from 'node:crypto'
import { domainEvents } from '@cinegraph/events/domain/domain-events'
import { HEADERS } from '@cinegraph/events/event'
import { DependencyError } from '@cinegraph/kit/errors'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually, until } from '@cinegraph/testkit/until'
import { beforeEach, describe, expect, test } from 'vitest'
import { createIndexerWorker, GROUP } from '../src/indexer.worker.js'
import { refresh } from '../src/refresh.js'
import { openStage, type Stage } from './stage.js'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})

const titled = async (text: string, first = 100) => {
  const { hits } = await stage.search.films({
    ...{ text, language: 'en', filter: { audiences: ['everyone'] }, first },
    sort: { field: 'RELEVANCE', direction: 'DESC' },
  })
  return hits.map(({ id }) => id)
}
const countOf = (text: string) =>
  stage.search.filmCount({ text, language: 'en', filter: { audiences: ['everyone'] } })

test('a change is searchable, and how long it took is told', async () => {
  await stage.runWorkers()
  const id = await stage.editor.createFilm('Aurora')
  await until(async () => (await titled('aurora')).includes(id))
  await stage.editor.retitleFilm(id, 'Borealis')
  await until(async () => (await titled('borealis')).includes(id))
  await stage.editor.moveFilm(id, 'deleteFilm')
  await until(async () => (await titled('borealis')).length === 0)
  await stage.settled()
  const told = await stage.metrics.metrics()
  expect(told).toMatch(/^cinegraph_indexer_searchable_seconds_count\{event="film.changed.v1"\} 4$/m)
  expect(told).toMatch(/^cinegraph_indexer_documents_total\{kind="film",action="removed"\} 1$/m)
})

test('a season that is saved or deleted counts, and who plays whom is known', async () => {
  const { editor, search } = stage
  await stage.runWorkers()
  const film = await editor.createFilm('Aurora', 'TV_SHOW')
  const person = await editor.createPerson('Ada')
  const seasons = (count: number) =>
    search.filmCount({
      language: 'en',
      filter: { audiences: ['everyone'], seasonsFrom: count, seasonsTo: count },
    })
  for (const number of [0, 1, 2]) await editor.saveSeason(film, number, `Season ${number}`)
  await until(async () => (await seasons(2)) === 1)
  await editor.deleteSeason(film, 1)
  await until(async () => (await seasons(1)) === 1)
  await editor.linkFilm(film, { personIds: [person], genreIds: [] })
  await stage.settled()
  const played = [{ role: 'ACTOR', characters: ['Character 0'] }]
  expect(await search.creditsOf([{ filmId: film, personId: person }])).toEqual([played])
  expect(await stage.differences()).toEqual([])
})

test('a rename of a person reaches all of two thousand films, and of a genre as well', async () => {
  const { editor, postgres } = stage
  const [person, genre] = [await editor.createPerson('Nobody'), await editor.createGenre('Noir')]
  await postgres.pool.query(
    `WITH made AS (
      INSERT INTO films.film (id, slug, type, status, original_title, original_language, age_rating, countries, updated_at)
      SELECT gen_random_uuid(), 'film-' || n, 'MOVIE', 'PUBLISHED', 'Film ' || n, 'en', 0, '{}', now()
      FROM generate_series(1, 2000) AS n RETURNING id
    ), linked AS (
      INSERT INTO people.film_genre (film_id, genre_id, "order") SELECT id, $2::uuid, 0 FROM made
    )
    INSERT INTO people.credit (id, film_id, person_id, role, billing_order)
    SELECT gen_random_uuid(), id, $1::uuid, 'ACTOR', 0 FROM made`,
    [person, genre],
  )
  await editor.renamePerson(person, 'Somebody')
  await stage.runWorkers()
  await stage.settled()
  expect(await countOf('somebody')).toBe(2_000)
  await editor.renamePerson(person, 'Anybody')
  await editor.renameGenre(genre, 'Neo-noir')
  await stage.settled()
  expect([await countOf('somebody'), await countOf('anybody')]).toEqual([0, 2_000])
  expect(await stage.differences()).toEqual([])
})

test('what nobody can read goes to the dead letters, and all else is indexed', async () => {
  const { editor, eventLog } = stage
  const headers = (event: string) => ({
    [HEADERS.event]: event,
    [HEADERS.occurredAt]: '2026-01-01',
  })
  const bad = (event: string, value: string) => ({
    ...{ id: randomUUID(), key: 'same', headers: headers(event), value },
  })
  const first = await editor.createFilm('Aurora')
  await eventLog.append(domainEvents.name, [
    bad('film.changed.v1', '{"filmId":'),
    bad('film.changed.v9', '{}'),
    bad('film.changed.v1', JSON.stringify({ filmId: first, version: 0, change: 'EDITED' })),
    bad('cinema.opened.v1', '{}'),
  ])
  const second = await editor.createFilm('Borealis')
  await stage.runWorkers()
  await stage.settled()
  expect([await titled('aurora'), await titled('borealis')]).toEqual([[first], [second]])
  expect(await stage.deadLetters()).toBe(3)
  const { rows } = await stage.postgres.pool.query<{ reason: string }>(
    `SELECT headers->>'dead-letter-reason' AS reason FROM platform.log_record
     JOIN platform.log_partition AS it ON it.id = partition_id WHERE topic = $1 ORDER BY "offset"`,
    [domainEvents.deadLetters!.name],
  )
  expect(rows.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('payload'),
    'this release does not know film.changed.v9',
    expect.stringContaining('payload.version'),
  ])
  const told = await stage.metrics.metrics()
  expect(told).toMatch(/events_total\{event="unknown",outcome="refused"\} 3$/m)
  expect(told).toMatch(/events_total\{event="other",outcome="skipped"\} 1$/m)
})

test('events that come again change nothing', async () => {
  const { editor, eventLog, postgres } = stage
  const [film, person] = [await editor.createFilm('Aurora'), await editor.createPerson('Ada')]
  await editor.linkFilm(film, { personIds: [person], genreIds: [] })
  await editor.renamePerson(person, 'Lovelace')
  const deleted = await editor.createFilm('Borealis')
  await editor.moveFilm(deleted, 'deleteFilm')
  await stage.runWorkers()
  await stage.settled()
  const state = () => stage.search.digests('film', { after: null, limit: 10 })
  const before = await state()
  const { rows } = await postgres.pool.query(`SELECT FROM platform.log_record`)
  const processed = async () =>
    (await stage.metrics.getSingleMetric('cinegraph_indexer_events_total')!.get()).values.reduce(
      (sum, { value }) => sum + value,
      0,
    )
  expect(await processed()).toBe(rows.length)
  await eventLog.rewind({ group: GROUP, topic: domainEvents.name, to: 'oldest', force: true })
  await until(async () => (await processed()) === 2 * rows.length)
  expect(await state()).toEqual(before)
  expect(await stage.differences()).toEqual([])
  expect(await titled('borealis')).toEqual([])
})

test('a writer that comes late brings back nothing that was deleted', async () => {
  const { editor, source, search } = stage
  const id = await editor.createFilm('Aurora')
  const gate = Promise.withResolvers<undefined>()
  let held = false
  // it has read the film, and is held up before it sends it
  const late = refresh('film', [id], {
    source,
    search: {
      ...search,
      async upsert(kind, documents) {
        held = true
        await gate.promise
        await search.upsert(kind, documents)
      },
    },
  })
  await until(() => held)
  await stage.runWorkers()
  await editor.moveFilm(id, 'deleteFilm')
  await stage.settled()
  gate.resolve(undefined)
  expect(await late).toEqual({ written: 1, removed: 0 })
  expect(await titled('aurora')).toEqual([])
  expect(await search.count('film')).toBe(0)
})

test('an outage of the index is waited out, and told by readiness', async () => {
  const { postgres, eventLog, search, cache } = stage
  let outage = true
  const worker = createIndexerWorker({
    ...{ postgres, eventLog, cache, log: memoryLog().log, metrics: new Registry() },
    search: {
      ...search,
      async upsert(kind, documents) {
        if (outage) throw new DependencyError('search', 'does not answer')
        await search.upsert(kind, documents)
      },
    },
  })
  await worker.start()
  const id = await stage.editor.createFilm('Aurora')
  const { rows } = await postgres.pool.query<{
    id: string
    key: string
    headers: Record<string, string>
    value: string
  }>(`SELECT event_id::text AS id, key, headers, value FROM platform.outbox`)
  await eventLog.append(domainEvents.name, rows)
  await until(async () => !(await worker.ready()).ready)
  expect(await titled('aurora')).toEqual([])
  outage = false
  await until(async () => (await titled('aurora')).includes(id))
  await eventually(async () => expect(await worker.ready()).toEqual({ ready: true }))
  expect(await stage.deadLetters()).toBe(0)
  await worker.stop(AbortSignal.timeout(10_000))
})

describe('caches forget', () => {
  const cached = (key: string, tags: readonly string[]) =>
    stage.cache.set(key, 'old', { ttlMs: 600_000, tags })
  const kept = async (...keys: string[]) =>
    (await stage.cache.getMany(keys)).map((value) => value === 'old')

  test('a film and every list when it changes, and not another film', async () => {
    const [film, other] = [await stage.editor.createFilm('A'), await stage.editor.createFilm('B')]
    await stage.runWorkers()
    await stage.settled()
    await cached('film', [`film:${film}`])
    await cached('other', [`film:${other}`])
    await cached('list', ['catalogue'])
    await cached('genres', ['genres'])
    await stage.editor.retitleFilm(film, 'C')
    await stage.settled()
    expect(await kept('film', 'other', 'list', 'genres')).toEqual([false, true, false, true])
  })

  test('genres, lists and the films of a genre when it is renamed', async () => {
    const [film, genre] = [await stage.editor.createFilm('A'), await stage.editor.createGenre('G')]
    await stage.editor.linkFilm(film, { genreIds: [genre], personIds: [] })
    await stage.runWorkers()
    await stage.settled()
    await cached('film', [`film:${film}`])
    await cached('list', ['catalogue'])
    await cached('genres', ['genres'])
    await stage.editor.renameGenre(genre, 'H')
    await stage.settled()
    expect(await kept('film', 'list', 'genres')).toEqual([false, false, false])
  })
})
