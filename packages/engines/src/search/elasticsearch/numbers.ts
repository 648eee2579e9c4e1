import { type Connection } from './connection.js'
import { bulk, readStored, type Write } from './bulk.js'
import type { Source } from './document.js'
import { createReader } from './reader.js'

const AT_ONCE = 1_000
const MOST_AUDIENCES = 1_000

export type Numbers = readonly { readonly audience: string; readonly films: number }[]

export const keyOfPerson = (id: string): string => `person:${id}`

/**
 * How many films of each audience persons took part in, of the films that are visible to searches. Whoever keeps the answer has to
 * have read the person before, and writes it only if nobody has since: then what is kept last was counted last.
 */
export async function countNumbers(
  connection: Connection,
  index: string,
  personIds: readonly string[],
): Promise<Map<string, Numbers>> {
  const include = [...personIds]
  if (include.length === 0) return new Map()
  const { aggregations } = await createReader(connection, index).search({
    ...{ size: 0, track_total_hits: false },
    query: { bool: { filter: [{ term: { kind: 'film' } }, { terms: { person_ids: include } }] } },
    aggs: {
      persons: {
        terms: { field: 'person_ids', include, size: include.length },
        aggs: { audiences: { terms: { field: 'audience', size: MOST_AUDIENCES } } },
      },
    },
  })
  const { buckets } = (aggregations as unknown as Counted).persons
  return new Map(
    buckets.map(({ key, audiences }) => [
      key,
      audiences.buckets.map(({ key: audience, doc_count: films }) => ({ audience, films })),
    ]),
  )
}

interface Counted {
  readonly persons: {
    readonly buckets: readonly {
      readonly key: string
      readonly audiences: { readonly buckets: readonly { key: string; doc_count: number }[] }
    }[]
  }
}

/** Counts the films of persons anew. One that is not there yet has numbers already when it comes. */
export async function recount(
  connection: Connection,
  index: string,
  personIds: readonly string[],
): Promise<void> {
  for (let from = 0; from < personIds.length; from += AT_ONCE) {
    let left = personIds.slice(from, from + AT_ONCE)
    while (left.length > 0) left = await recountOnce(connection, index, left)
  }
}

/** Returns those that were overtaken. */
async function recountOnce(
  connection: Connection,
  index: string,
  ids: readonly string[],
): Promise<string[]> {
  const stored = await readStored<Source>(connection, index, { keys: ids.map(keyOfPerson) })
  const numbers = await countNumbers(connection, index, ids)
  const writes = ids.map((id): Write => {
    const { at, source = unknownPerson(id) } = stored.get(keyOfPerson(id))!
    return {
      key: keyOfPerson(id),
      source: { ...source, numbers: numbers.get(id) ?? [] },
      after: at,
    }
  })
  const outcomes = await bulk(connection, index, { writes, refresh: true })
  return ids.filter((_, at) => outcomes[at]!.kind === 'overtaken')
}

/** Older than any person that is sent. */
const unknownPerson = (id: string): Source => ({ kind: 'person', id, version: -1, live: false })

/** Counts the films of every person of an index. */
export async function recountAll(connection: Connection, index: string): Promise<void> {
  const reader = createReader(connection, index)
  for (let after: string | undefined; ;) {
    const { hits } = await reader.search<{ id: string }>({
      ...{ size: AT_ONCE, _source: ['id'], track_total_hits: false },
      query: { bool: { filter: [{ term: { kind: 'person' } }] } },
      sort: [{ id: 'asc' }],
      ...(after !== undefined && { search_after: [after] }),
    })
    const ids = hits.hits.map(({ _source }) => _source!.id)
    await recount(connection, index, ids)
    if (ids.length < AT_ONCE) return
    after = ids.at(-1)!
  }
}
