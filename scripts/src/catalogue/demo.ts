import path from 'node:path'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { FilmImportRepository } from '@cinegraph/films/importing/film-import.repository'
import { PRISMA } from '../paths.js'
import { type Catalogue, readFixtures } from './fixtures.js'
import { ReindexError } from '@cinegraph/indexer/reindex'
import { reindex } from './reindex.js'
import { writeCatalogue } from './write-catalogue.js'

export interface CatalogueEngines {
  postgres: Postgres
  search: SearchIndex
}

export const readDemo = (): Promise<Catalogue> => readFixtures(path.join(PRISMA, 'fixtures'))

/** Writes the demo catalogue over itself and indexes everything. Returns what the index holds then. */
export async function loadDemo(engines: CatalogueEngines) {
  const demo = await readDemo()
  return reindex({ ...engines, before: () => writeCatalogue(engines.postgres.prisma, demo) })
}

/**
 * What a start needs: with `demo`, the demo catalogue where there are no films at all; and a complete index, which it is not on the
 * first start of a release that needs another one, or after a start that was cut short. What somebody edited or deleted stays
 * as it is. While another process indexes the catalogue it is left to that one. Says what it did.
 */
export async function ensureCatalogue(engines: CatalogueEngines, demo: boolean): Promise<string> {
  return bringUpToDate(engines, demo).catch((error: unknown) => {
    if (error instanceof ReindexError && error.reason === 'busy') return error.message
    throw error
  })
}

async function bringUpToDate(engines: CatalogueEngines, demo: boolean): Promise<string> {
  const films = new FilmImportRepository(engines.postgres.prisma)
  if (demo && !(await films.any())) {
    const { film, person, genre } = await loadDemo(engines)
    return `demo catalogue: ${film} films, ${person} persons, ${genre} genres`
  }
  if (await engines.search.isComplete()) return 'up to date'
  const { film } = await reindex(engines)
  return `${film} films indexed`
}
