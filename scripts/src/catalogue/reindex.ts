import { readClock } from '@cinegraph/engines/postgres/clock'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { FilmRepository } from '@cinegraph/films/films/film.repository'
import { createCatalogueSource } from '@cinegraph/indexer/catalogue-source'
import { indexCatalogue, type IndexedCounts } from '@cinegraph/indexer/index-catalogue'
import { createPeopleIndexReads } from '@cinegraph/people/indexing/indexing.repository'

export interface ReindexOptions {
  postgres: Postgres
  search: SearchIndex
  onProgress?: (counts: IndexedCounts) => void
}

/** Sends the whole catalogue, as its owners hold it, to the search index, which is complete then. */
export async function reindex({ postgres, ...options }: ReindexOptions): Promise<IndexedCounts> {
  const films = new FilmRepository(postgres.prisma)
  const source = createCatalogueSource({
    ...createPeopleIndexReads(postgres.prisma),
    clock: () => readClock(postgres),
    films: (afterId, limit) => films.readForIndex(afterId, limit),
  })
  const counts = await indexCatalogue({ ...options, source })
  await options.search.markComplete()
  return counts
}
