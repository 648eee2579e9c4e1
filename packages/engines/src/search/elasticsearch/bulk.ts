import { DependencyError } from '@cinegraph/kit/errors'
import type { estypes } from '@elastic/elasticsearch'
import { type Connection, Refusal } from './connection.js'
import type { Source } from './document.js'
import { written } from './indexes.js'

// what one request holds: so many documents, and so many bytes of them
const MOST_DOCUMENTS = 500
const MOST_BYTES = 5_000_000

/** What was read of a document before it is written: its place in the history of the index, or that there is none. */
export interface Stored<S> {
  readonly at: { readonly if_seq_no: number; readonly if_primary_term: number } | undefined
  readonly source: S | undefined
}

export interface Write {
  readonly key: string
  readonly source: Source
  /** Written only if nobody has written it since. */
  readonly after: Stored<unknown>['at']
}

export type Outcome =
  | { readonly kind: 'written'; readonly at: NonNullable<Stored<unknown>['at']> }
  /** Somebody was faster. */
  | { readonly kind: 'overtaken' }
  /** No waiting helps: the document is to blame. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads documents by key as they are, visible to searches or not. */
export async function readStored<S>(
  { read }: Pick<Connection, 'read'>,
  index: string,
  { keys, fields }: { keys: readonly string[]; fields?: readonly string[] },
): Promise<Map<string, Stored<S>>> {
  const { docs } = await read('get', (client, options) =>
    client.mget<S>(
      { index, ids: [...keys], ...(fields && { _source_includes: [...fields] }) },
      options,
    ),
  )
  return new Map(docs.map((doc) => [doc._id, storedOf(doc)]))
}

function storedOf<S>(doc: estypes.MgetResponseItem<S>): Stored<S> {
  if ('error' in doc) {
    const cause = new Refusal(503, doc.error.type, doc.error.reason ?? '')
    throw new DependencyError('elasticsearch', 'get: refused', { cause })
  }
  if (!doc.found) return { at: undefined, source: undefined }
  return {
    at: { if_seq_no: doc._seq_no!, if_primary_term: doc._primary_term! },
    source: doc._source,
  }
}

/** The outcome of each write, in their order. With `refresh` they are visible to the next search. */
export async function bulk(
  connection: Connection,
  index: string,
  { writes, refresh }: { writes: readonly Write[]; refresh: boolean },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const part of partsOf(writes)) {
    const operations = part.flatMap(({ key, source, after }) => [
      after ? { index: { _id: key, ...after } } : { create: { _id: key } },
      source,
    ])
    const { items } = await connection.write('bulk', (client, options) =>
      client.bulk({ index: written(index), require_alias: true, refresh, operations }, options),
    )
    outcomes.push(...items.map((item) => outcomeOf(Object.values(item)[0]!)))
  }
  return outcomes
}

function outcomeOf({ status, error, ...item }: estypes.BulkResponseItem): Outcome {
  if (!error) {
    return {
      kind: 'written',
      at: { if_seq_no: item._seq_no!, if_primary_term: item._primary_term! },
    }
  }
  if (status === 409) return { kind: 'overtaken' }
  const reason = `${error.type}: ${error.caused_by?.reason ?? error.reason ?? ''}`
  if (status === 400) return { kind: 'refused', reason: reason.slice(0, 300) }
  const cause = new Refusal(status, error.type, error.reason ?? '')
  throw new DependencyError('elasticsearch', 'bulk: refused', { cause })
}

function* partsOf(writes: readonly Write[]): Generator<Write[]> {
  let part: Write[] = []
  let bytes = 0
  for (const write of writes) {
    const size = JSON.stringify(write.source).length
    if (part.length === MOST_DOCUMENTS || (part.length > 0 && bytes + size > MOST_BYTES)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(write)
    bytes += size
  }
  if (part.length > 0) yield part
}
