import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { CatalogueRepository } from '@cinegraph/indexer/catalogue.repository'
import { createCatalogueSource } from '@cinegraph/indexer/catalogue-source'
import { indexCatalogue, type IndexedCounts } from '@cinegraph/indexer/index-catalogue'

export interface ReindexOptions {
  postgres: Postgres
  search: SearchIndex
  onProgress?: (counts: IndexedCounts) => void
}

/** Sends the whole catalogue, as its owners hold it, to the search index, which is complete then. */
export async function reindex({ postgres, ...options }: ReindexOptions): Promise<IndexedCounts> {
  const source = createCatalogueSource(new CatalogueRepository(postgres.prisma))
  const counts = await indexCatalogue({ ...options, source })
  await options.search.markComplete()
  return counts
}
