import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type CatalogueEngines, ensureCatalogue, readDemo } from '../src/catalogue/demo.js'
import { writeCatalogue } from '../src/catalogue/write-catalogue.js'

const { log } = memoryLog()
const stops: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

/** One start of a process on the database of `url`. */
async function open(url: string): Promise<CatalogueEngines> {
  const postgres = openPostgres({ url, log })
  const search = openSearchIndex({ url, postgres, log })
  for (const engine of [postgres, search]) {
    await engine.start()
    stops.push(() => engine.stop(AbortSignal.timeout(5_000)))
  }
  return { postgres, search }
}

/** An index whose rebuild takes `writes` writes, and then none. */
const cutAfter = (search: SearchIndex, writes: number): SearchIndex => ({
  ...search,
  rebuild: (fill) =>
    search.rebuild((next) =>
      fill({
        ...next,
        upsert(kind, documents) {
          if (--writes < 0) throw new Error('killed')
          return next.upsert(kind, documents)
        },
      }),
    ),
})

describe('the catalogue at a start', () => {
  let url: string
  let engines: CatalogueEngines
  beforeEach(async () => {
    ;({ url } = await createTestDatabase())
    engines = await open(url)
  })

  test('is the demo where there are no films, once', async () => {
    const { films, people, genres } = await readDemo()
    expect(await ensureCatalogue(engines, true)).toBe(
      `demo catalogue: ${films.length} films, ${people.length} persons, ${genres.length} genres`,
    )
    expect(await ensureCatalogue(engines, true)).toBe('up to date')
  })

  test('is complete without films where no demo is wanted', async () => {
    expect(await ensureCatalogue(engines, false)).toBe('0 films indexed')
    expect(await engines.search.ready()).toEqual({ ready: true })
  })

  test.each([0, 2, 3])('is indexed whole after one that was killed at write %i', async (writes) => {
    const { postgres, search } = engines
    const cut = { postgres, search: cutAfter(search, writes) }
    await expect(ensureCatalogue(cut, true)).rejects.toThrow('killed')
    const next = await open(url)
    expect(await next.search.ready()).toMatchObject({ ready: false })
    expect(await ensureCatalogue(next, true)).toBe('100 films indexed')
    expect(await next.search.count('film')).toBe(100)
    expect(await next.search.ready()).toEqual({ ready: true })
  })

  test('is left to another process that indexes it already', async () => {
    const other = await open(url)
    await engines.search.rebuild(async () => {
      expect(await ensureCatalogue(other, true)).toBe(
        'the index is being rebuilt by another process',
      )
      expect(await other.postgres.prisma.film.count()).toBe(0)
    })
  })

  test('is not indexed again when it is complete, whatever the database has by now', async () => {
    await ensureCatalogue(engines, true)
    const [film] = (await readDemo()).films
    const films = [{ ...film!, slug: 'written-meanwhile' }]
    await writeCatalogue(engines.postgres.prisma, { genres: [], people: [], films })
    const untouched = { ...engines, search: cutAfter(engines.search, 0) }
    expect(await ensureCatalogue(untouched, true)).toBe('up to date')
  })
})
