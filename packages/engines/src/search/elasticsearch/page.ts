import type { estypes } from '@elastic/elasticsearch'
import { type createPositions, type KeyType, type Position } from '../position.js'
import type { Reading } from '../reading/reading.js'
import type { Query } from './connection.js'
import type { Found, Reader } from './reader.js'

/** What documents are sorted by; ties are broken by id in the same direction. Values that are missing have been replaced by extreme ones. */
export interface SortKey {
  readonly sort: (order: 'asc' | 'desc') => estypes.SortCombinations
  readonly type: KeyType
  readonly direction: 'ASC' | 'DESC'
}

export interface Page {
  readonly query: Query
  readonly key: SortKey
  readonly position: Position | undefined
  readonly reading: Reading | undefined
  readonly positions: ReturnType<typeof createPositions>
  readonly first: number
  /** Fields of the documents that are wanted besides the id. */
  readonly fields?: readonly string[]
}

export interface Paged<S> {
  readonly rows: readonly { id: string; cursor: string; source: S }[]
  readonly hasNextPage: boolean
}

/** One page of the documents that match. */
export async function readPage<S>(reader: Reader, page: Page): Promise<Paged<S>> {
  return pageOf(page, await reader.search<S & { id: string }>(searchOf(page)))
}

/** The search for a page, and one document more when there is a next page. */
export function searchOf({ query, key, position, first, fields = [] }: Page) {
  const order = key.direction === 'ASC' ? 'asc' : 'desc'
  return {
    ...{ query, size: first + 1, track_total_hits: false, _source: ['id', ...fields] },
    sort: [key.sort(order), { id: order } as const],
    ...(position && { search_after: [keyValue(position, key), position.id] }),
  }
}

export function pageOf<S>(
  { positions, reading, first }: Page,
  { hits }: Found<S & { id: string }>,
): Paged<S> {
  const rows = hits.hits.slice(0, first).map(({ _source, sort }) => {
    const id = _source!.id
    return { id, source: _source!, cursor: positions.write({ key: String(sort![0]), id, reading }) }
  })
  return { rows, hasNextPage: hits.hits.length > first }
}

const keyValue = (position: Position, { type }: SortKey) =>
  type === 'text' ? position.key : Number(position.key)
