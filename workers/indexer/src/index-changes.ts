import type { Cache } from '@cinegraph/engines/cache/cache'
import { batches } from './batches.js'
import { tagsOf } from './cache-tags.js'
import type { CatalogueRepository } from './catalogue.repository.js'
import type { IndexerMetrics } from './indexer.metrics.js'
import type { Plan } from './plan.js'
import { type EntityKind, KINDS } from './project.js'
import { refresh, type RefreshOptions } from './refresh.js'

export interface IndexChangesOptions extends RefreshOptions {
  links: Pick<CatalogueRepository, 'filmsOfPerson' | 'filmsOfGenre'>
  cache: Pick<Cache, 'purge'>
  metrics: Pick<IndexerMetrics, 'documents'>
  /** Documents that are read and held at once. */
  pageSize: number
}

/**
 * Brings the index up to what the catalogue is, for all that `plan` names, and then lets caches forget it. Page by page, however many
 * films a person or a genre has; gives up between two pages when `signal` aborts.
 */
export async function indexChanges(
  plan: Plan,
  options: IndexChangesOptions,
  signal: AbortSignal,
): Promise<void> {
  const { cache, metrics, pageSize } = options
  const refreshPage = async (kind: EntityKind, ids: readonly string[]) => {
    signal.throwIfAborted()
    if (ids.length === 0) return
    const { written, removed } = await refresh(kind, ids, options)
    // not before the index has it: who asks in between would keep the old answer
    await cache.purge(tagsOf(kind, ids))
    metrics.documents.inc({ kind, action: 'written' }, written)
    metrics.documents.inc({ kind, action: 'removed' }, removed)
  }
  for (const kind of KINDS) {
    for await (const ids of batches(plan[kind], pageSize)) await refreshPage(kind, ids)
  }
  for await (const ids of filmsOf(plan, options)) {
    const others = ids.filter((id) => !plan.film.has(id))
    await refreshPage('film', others)
  }
}

/** Pages of films of every person and genre whose name has changed. */
async function* filmsOf(
  { filmsOf: { person, genre } }: Plan,
  { links, pageSize: limit }: IndexChangesOptions,
): AsyncGenerator<readonly string[]> {
  for (const id of person) yield* pages((after) => links.filmsOfPerson(id, { after, limit }))
  for (const id of genre) yield* pages((after) => links.filmsOfGenre(id, { after, limit }))
}

async function* pages(
  read: (after: string | null) => Promise<readonly string[]>,
): AsyncGenerator<readonly string[]> {
  for (let page = await read(null); page.length > 0; page = await read(page.at(-1)!)) yield page
}
