import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { expect, test } from 'vitest'
import { loadBulk } from '../src/catalogue/bulk-load.js'

/** Loads a catalogue into a database of its own and returns all that was written, in a stable order. */
async function load(seed: number, times = 1) {
  const { url } = await createTestDatabase()
  const { log } = memoryLog()
  const postgres = openPostgres({ url, log })
  const search = openSearchIndex({ url, postgres, log })
  await postgres.start()
  await search.start()
  const progress: [string, number][] = []
  const options = { films: 1_200, people: 400, seed }
  for (let time = 0; time < times; time++) {
    await loadBulk({ postgres, search }, options, (what, done) => progress.push([what, done]))
  }
  const { prisma } = postgres
  const rows = {
    films: await prisma.film.findMany({
      orderBy: { id: 'asc' },
      omit: { createdAt: true, updatedAt: true },
      include: { translations: { orderBy: { language: 'asc' } } },
    }),
    credits: await prisma.credit.findMany({
      orderBy: [{ filmId: 'asc' }, { billingOrder: 'asc' }],
      omit: { id: true },
    }),
    genres: await prisma.filmGenre.findMany({ orderBy: [{ filmId: 'asc' }, { genreId: 'asc' }] }),
  }
  const indexed = { films: await search.count('film'), persons: await search.count('person') }
  await search.stop(AbortSignal.timeout(5_000))
  await postgres.stop(AbortSignal.timeout(5_000))
  return { rows, indexed, progress }
}

test('a load is whole, indexed, and reports its progress', async () => {
  const { rows, indexed, progress } = await load(1)
  expect(rows.films).toHaveLength(1_200)
  expect(indexed).toEqual({ films: 1_200, persons: 400 })
  expect(progress).toContainEqual(['films', 1_000])
  expect(progress.at(-1)).toEqual(['index', 1_200])
  const directed = new Set(
    rows.credits.filter((it) => it.role === 'DIRECTOR').map((it) => it.filmId),
  )
  expect(directed.size).toBe(1_200)
})

test('the same seed makes the same load, over and over; another makes another', async () => {
  const [once, twice, other] = [await load(7), await load(7, 2), await load(8)]
  expect(twice.rows).toEqual(once.rows)
  expect(other.rows).not.toEqual(once.rows)
})
