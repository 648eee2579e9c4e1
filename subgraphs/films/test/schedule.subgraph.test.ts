import { randomUUID } from 'node:crypto'
import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { FilmEditRepository } from '@cinegraph/films/editing/film-edit.repository'
import { FilmEditingService } from '@cinegraph/films/editing/film-editing.service'
import { FilmRepository } from '@cinegraph/films/films/film.repository'
import { FilmSchedule } from '@cinegraph/films/schedule/film-schedule'
import { CatalogueReader } from '@cinegraph/films/search/catalogue-reader'
import { beforeAll, describe, expect, it } from 'vitest'
import { editing, type Editing } from './editors.js'
import { type Films, openFilms } from './films.js'

const NEVER = new AbortController().signal
const DAY_MS = 86_400_000
// films of these tests are due when nobody else of this file publishes them: the clock of the subgraph is the real one
const TODAY = new Date()
const DUE = new Date(TODAY.getTime() + DAY_MS)
const NOT_DUE = new Date(TODAY.getTime() + 3 * DAY_MS)
const WHEN_DUE = new Date(TODAY.getTime() + 2 * DAY_MS)

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms({ scheduleEveryMs: 100 })
  by = editing(films)
})

/** The schedule of one process, on a day when films are due. */
function hire(prisma: PrismaClient = films.postgres.prisma) {
  const { log, lines } = memoryLog()
  const metrics = new Registry()
  const now = () => WHEN_DUE
  const edits = new FilmEditRepository(prisma)
  const { search, cache } = films
  const catalogue = new CatalogueReader({ search, cache, films: new FilmRepository(prisma) })
  const schedule = new FilmSchedule({
    ...{ edits, log, metrics, now },
    editing: new FilmEditingService(edits, now, catalogue),
  })
  return {
    lines,
    run: (stopping = NEVER) => schedule.run(stopping),
    metric: async (name: string) => {
      const { values } = await metrics.getSingleMetric(`cinegraph_films_scheduled_${name}`)!.get()
      return values[0]!.value
    },
  }
}

const seed = (publishAt: Date) => films.seed.film({ status: 'SCHEDULED', publishAt })

describe('the schedule', () => {
  it('publishes a film when its time has come', async () => {
    const [due, notDue, published] = [await seed(DUE), await seed(NOT_DUE), await films.seed.film()]
    const before = await by.read(due)
    const { run, metric } = hire()
    await run()
    expect(await by.read(due)).toEqual({
      ...before,
      ...{ status: 'PUBLISHED', publishAt: null, version: 2 },
    })
    expect(await by.traces(due)).toMatchObject({
      audit: [
        {
          version: 2,
          action: 'PUBLISHED',
          userId: null,
          at: WHEN_DUE,
          changes: [
            { field: 'publishAt', before: DUE.toISOString(), after: null },
            { field: 'status', before: 'SCHEDULED', after: 'PUBLISHED' },
          ],
        },
      ],
      events: [{ filmId: due, version: 2, change: 'PUBLISHED' }],
    })
    expect(await by.read(notDue)).toMatchObject({ status: 'SCHEDULED', version: 1 })
    expect(await by.read(published)).toMatchObject({ version: 1 })
    expect(await metric('published_total')).toBe(1)
    await run()
    expect(await metric('published_total')).toBe(1)
  })

  it('publishes each film once, however many processes do so at once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => seed(DUE)))
    const processes = [hire(), hire(), hire()]
    await Promise.all(processes.map(({ run }) => run()))
    // who finds a film busy leaves it to who is at it, so now all is done
    for (const id of ids) {
      const { audit, events } = await by.traces(id)
      expect([audit.length, events.length]).toEqual([1, 1])
      expect(await by.read(id)).toMatchObject({ status: 'PUBLISHED', version: 2 })
    }
    const counts = await Promise.all(processes.map(({ metric }) => metric('published_total')))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(processes.flatMap(({ lines }) => lines.filter((it) => it.level === 'error'))).toEqual([])
  })

  it('leaves a film that somebody is editing to the next run', async () => {
    const id = await seed(DUE)
    const { run } = hire()
    await films.postgres.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id::text FROM films.film WHERE id = ${id}::uuid FOR UPDATE`
      await run()
      const film = await tx.film.findUniqueOrThrow({ where: { id }, select: { status: true } })
      expect(film.status).toBe('SCHEDULED')
    })
    await run()
    expect(await by.read(id)).toMatchObject({ status: 'PUBLISHED' })
  })

  it('does not publish what was unpublished, scheduled for later or deleted', async () => {
    const [draft, later, deleted] = [await seed(DUE), await seed(DUE), await seed(DUE)]
    await by.edit('unpublishFilm', { id: draft, version: 1 })
    await by.edit('scheduleFilm', { id: later, version: 1, publishAt: NOT_DUE.toISOString() })
    await by.edit('deleteFilm', { id: deleted, version: 1 })
    const { run, metric } = hire()
    await run()
    expect(await metric('published_total')).toBe(0)
    await by.edit('restoreFilm', { id: deleted, version: 2 })
    await run()
    expect(await by.read(deleted)).toMatchObject({ status: 'PUBLISHED' })
  })

  it('logs a film that fails, goes on with the others, and tries again', async () => {
    const [bad, good] = [await seed(new Date(DUE.getTime() - 1)), await seed(DUE)]
    const { pool } = films.postgres
    // its next version is in the audit already
    await pool.query(
      `INSERT INTO films.film_audit (film_id, version, action, changes) VALUES ($1, 2, 'EDITED', '[]')`,
      [bad],
    )
    const { run, metric, lines } = hire()
    await run()
    expect(await by.read(bad)).toMatchObject({ status: 'SCHEDULED', version: 1 })
    expect((await by.traces(bad)).events).toEqual([])
    expect(await by.read(good)).toMatchObject({ status: 'PUBLISHED' })
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        filmId: bad,
        msg: 'scheduled film was not published',
      }),
    )
    expect(await metric('failures_total')).toBe(1)
    await pool.query('DELETE FROM films.film_audit WHERE film_id = $1', [bad])
    await run()
    expect(await by.read(bad)).toMatchObject({ status: 'PUBLISHED' })
  })

  it('comes to films that are due however many before them fail', async () => {
    const { prisma, pool } = films.postgres
    const bad = Array.from({ length: 101 }, () => randomUUID())
    const columns = { type: 'MOVIE', status: 'SCHEDULED', ageRating: 0 } as const
    const publishAt = new Date(DUE.getTime() - 1)
    const texts = { originalTitle: 'Bad', originalLanguage: 'en' }
    await prisma.film.createMany({
      data: bad.map((id) => ({ ...columns, ...texts, id, slug: id, publishAt })),
    })
    await prisma.filmAudit.createMany({
      data: bad.map((filmId) => ({ filmId, version: 2, action: 'EDITED', changes: [] })),
    })
    const good = await seed(DUE)
    const { run, metric } = hire()
    await run()
    expect(await by.read(good)).toMatchObject({ status: 'PUBLISHED' })
    expect(await metric('failures_total')).toBe(bad.length)
    await pool.query('DELETE FROM films.film WHERE id = ANY($1)', [bad])
  })

  it('ends early when its process stops', async () => {
    const id = await seed(DUE)
    await hire().run(AbortSignal.abort())
    expect(await by.read(id)).toMatchObject({ status: 'SCHEDULED' })
    await hire().run()
  })

  it('is kept by the subgraph, which shows the film to everyone then', async () => {
    const id = await seed(new Date(Date.now() + 1_500))
    expect(await by.read(id, ANONYMOUS)).toBeNull()
    await until(async () => (await by.read(id))!.status === 'PUBLISHED')
    expect(await by.read(id, ANONYMOUS)).toMatchObject({ id })
    expect((await by.traces(id)).audit).toMatchObject([{ action: 'PUBLISHED', userId: null }])
  })
})
