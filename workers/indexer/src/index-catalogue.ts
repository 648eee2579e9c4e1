import type { IndexContent } from '@cinegraph/engines/search/search-index'
import { batches } from './batches.js'
import type { CatalogueSource } from './catalogue-source.js'
import { type EntityKind, KINDS, project } from './project.js'

const DEFAULT_BATCH = 500
/** Writes: one makes documents while the engine takes in those of another. */
const AT_ONCE = 2

export type IndexedCounts = Readonly<Record<EntityKind, number>>

export interface IndexCatalogueOptions {
  source: CatalogueSource
  search: Pick<IndexContent, 'upsert'>
  /** Documents per write; some batches are held at once. */
  batchSize?: number
  /** Called after every write with what was sent so far. */
  onProgress?: (counts: IndexedCounts) => void
}

/**
 * Sends every genre, person and film of `source` to the index and returns how many there were. Safe to repeat and to run beside
 * other writers: the index keeps the newer version. It removes nothing. The first failure ends it and is rethrown.
 */
export async function indexCatalogue(options: IndexCatalogueOptions): Promise<IndexedCounts> {
  const { source, search, batchSize = DEFAULT_BATCH, onProgress } = options
  const counts = { genre: 0, person: 0, film: 0 }

  async function index(kind: EntityKind): Promise<void> {
    const all = batches(source.all(kind), batchSize)
    const write = async () => {
      for await (const batch of all) {
        const documents = batch.map(({ entity, version }) => project(kind, entity, version))
        await search.upsert(kind, documents)
        counts[kind] += documents.length
        onProgress?.({ ...counts })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, write))
  }

  for (const kind of KINDS) await index(kind)
  return counts
}
