import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import type { CatalogueSource } from './catalogue-source.js'
import { indexCatalogue, type IndexedCounts } from './index-catalogue.js'
import type { EntityKind } from './project.js'
import { repair } from './repair.js'

export interface ReindexOptions {
  source: CatalogueSource
  search: Pick<SearchIndex, 'rebuild'>
  /** Writes of the catalogue itself that are to be indexed: called once it is certain that no other process rebuilds the index. */
  before?: () => Promise<void>
  /** Called after every write with what was sent so far. */
  onProgress?: (counts: IndexedCounts) => void
  /** Called for each that was compared afterwards. */
  onCompared?: (kind: EntityKind) => void
}

/** Why there is no new index, in words. The one that there was is as before. */
export class ReindexError extends Error {
  override readonly name = 'ReindexError'
  constructor(
    readonly reason: 'busy' | 'unequal',
    message: string,
  ) {
    super(message)
  }
}

/**
 * Builds the index anew from the catalogue while it is read and written, and puts it in its place when the two are equal. Returns
 * what was sent.
 */
export async function reindex(options: ReindexOptions): Promise<IndexedCounts> {
  const { source, search, before, onProgress, onCompared } = options
  let counts: IndexedCounts | undefined
  const outcome = await search.rebuild(async (next) => {
    await before?.()
    counts = await indexCatalogue({ source, search: next, ...(onProgress && { onProgress }) })
    const { left } = await repair({ source, search: next, ...(onCompared && { onCompared }) })
    if (left === 0) return
    throw new ReindexError(
      'unequal',
      `${left} documents of the new index are not what the catalogue is, also after they were sent again: the old index stays`,
    )
  })
  if (outcome === 'done' && counts) return counts
  throw new ReindexError('busy', 'the index is being rebuilt by another process')
}
