import type { Postgres } from '@cinegraph/engines/postgres/open'
import { CatalogueRepository } from '@cinegraph/indexer/catalogue.repository'
import { type CatalogueSource, createCatalogueSource } from '@cinegraph/indexer/catalogue-source'
import type { IndexedCounts } from '@cinegraph/indexer/index-catalogue'
import {
  reindex as rebuildFrom,
  ReindexError,
  type ReindexOptions,
} from '@cinegraph/indexer/reindex'
import { failProcess } from '@cinegraph/kit/lifecycle'

export const catalogueOf = ({ prisma }: Pick<Postgres, 'prisma'>): CatalogueSource =>
  createCatalogueSource(new CatalogueRepository(prisma))

/** Builds the search index anew from the catalogue as its owners hold it; see `reindex` of the indexer. */
export const reindex = ({
  postgres,
  ...options
}: Omit<ReindexOptions, 'source'> & { postgres: Postgres }): Promise<IndexedCounts> =>
  rebuildFrom({ ...options, source: catalogueOf(postgres) })

/** As `failProcess`, for a script that reindexes. */
export function failReindex(name: string, error: unknown): never {
  if (!(error instanceof ReindexError)) failProcess(name, error)
  console.error(`${name}: ${error.message}`)
  process.exit(1)
}
