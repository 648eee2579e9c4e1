import type { IndexContent } from '@cinegraph/engines/search/search-index'
import type { CatalogueSource } from './catalogue-source.js'
import { type EntityKind, project } from './project.js'

export interface RefreshOptions {
  source: Pick<CatalogueSource, 'read'>
  search: Pick<IndexContent, 'upsert' | 'remove'>
}

/** How many documents were sent, and how many removed. */
export interface Refreshed {
  readonly written: number
  readonly removed: number
}

/**
 * Makes the index of some ids what the catalogue is: what is there is sent whole, what is not is removed, both as of before they
 * were read. To do it again changes nothing, and what another has read later wins.
 */
export async function refresh(
  kind: EntityKind,
  ids: readonly string[],
  { source, search }: RefreshOptions,
): Promise<Refreshed> {
  const { entities, version } = await source.read(kind, { ids })
  const there = new Set(entities.map(({ id }) => id))
  const gone = ids.filter((id) => !there.has(id)).map((id) => ({ id, version }))
  await search.upsert(
    kind,
    entities.map((entity) => project(kind, entity, version)),
  )
  await search.remove(kind, gone)
  return { written: entities.length, removed: gone.length }
}
