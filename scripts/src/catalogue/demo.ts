import path from 'node:path'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { PRISMA } from '../paths.js'
import { hasFilms } from './film-import.repository.js'
import { type Catalogue, readFixtures } from './fixtures.js'
import { reindex } from './reindex.js'
import { writeCatalogue } from './write-catalogue.js'

export interface CatalogueEngines {
  postgres: Postgres
  search: SearchIndex
}

export const readDemo = (): Promise<Catalogue> => readFixtures(path.join(PRISMA, 'fixtures'))

/** Writes the demo catalogue over itself and indexes everything. Returns what the index holds then. */
export async function loadDemo(engines: CatalogueEngines) {
  await writeCatalogue(engines.postgres.prisma, await readDemo())
  return reindex(engines)
}

/**
 * What a start needs: the demo catalogue where there are no films at all, and an index where it is empty although there
 * are films. What somebody edited or deleted stays as it is.
 */
export async function ensureCatalogue(engines: CatalogueEngines): Promise<string> {
  if (!(await hasFilms(engines.postgres.prisma))) {
    const { film, person, genre } = await loadDemo(engines)
    return `demo catalogue: ${film} films, ${person} persons, ${genre} genres`
  }
  const indexed = await engines.search.count('film')
  if (indexed > 0) return `${indexed} films`
  const { film } = await reindex(engines)
  return `${film} films, indexed anew`
}
