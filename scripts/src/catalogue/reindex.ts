import { readClock } from '@cinegraph/engines/postgres/clock'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { FilmIndexRepository } from '@cinegraph/films/indexing/film-index.repository'
import { createCatalogueSource } from '@cinegraph/indexer/catalogue-source'
import { indexCatalogue, type IndexedCounts } from '@cinegraph/indexer/index-catalogue'
import { PeopleIndexRepository } from '@cinegraph/people/indexing/people-index.repository'

export interface ReindexOptions {
  postgres: Postgres
  search: SearchIndex
  onProgress?: (counts: IndexedCounts) => void
}

/** Sends the whole catalogue, as its owners hold it, to the search index, which is complete then. */
export async function reindex({ postgres, ...options }: ReindexOptions): Promise<IndexedCounts> {
  const source = createCatalogueSource({
    clock: () => readClock(postgres),
    films: new FilmIndexRepository(postgres.prisma),
    people: new PeopleIndexRepository(postgres.prisma),
  })
  const counts = await indexCatalogue({ ...options, source })
  await options.search.markComplete()
  return counts
}
