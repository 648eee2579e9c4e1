import type {
  DocumentKind,
  DocumentsByKind,
  SearchIndex,
} from '@cinegraph/engines/search/search-index'
import type { CatalogueSource, Versioned } from './catalogue-source.js'
import { projectFilm, projectGenre, projectPerson } from './project.js'

const DEFAULT_BATCH = 200

export type IndexedCounts = Readonly<Record<DocumentKind, number>>

export interface IndexCatalogueOptions {
  source: CatalogueSource
  search: Pick<SearchIndex, 'upsert'>
  /** Documents per write, and the most that are held at once. */
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

  async function index<K extends DocumentKind, T>(
    kind: K,
    entities: AsyncIterable<Versioned<T>>,
    project: (entity: T, version: number) => DocumentsByKind[K],
  ): Promise<void> {
    for await (const batch of batches(entities, batchSize)) {
      const documents = batch.map(({ entity, version }) => project(entity, version))
      await search.upsert(kind, documents)
      counts[kind] += documents.length
      onProgress?.({ ...counts })
    }
  }

  await index('genre', source.all('genre'), projectGenre)
  await index('person', source.all('person'), projectPerson)
  await index('film', source.all('film'), projectFilm)
  return counts
}

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
