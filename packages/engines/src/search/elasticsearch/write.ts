import type { DocumentKind, DocumentsByKind } from '../search-index.js'
import { bulk, type Outcome, readStored, type Stored, type Write } from './bulk.js'
import type { Connection } from './connection.js'
import { type Source, sourceOf, tombstoneOf } from './document.js'
import { countNumbers, type Numbers, recount } from './numbers.js'
import type { Vocabulary } from './vocabulary.js'

const BATCH = 500

/** An index to write to. */
export interface Target {
  readonly connection: Connection
  readonly vocabulary: Vocabulary
  readonly index: string
  /** Whether what is written is visible to the next search, and counted. Else both are for the end. */
  readonly atOnce: boolean
}

/** A document, or what is left of one. */
export interface Entry {
  readonly id: string
  readonly version: number
  readonly source: Source
}

/** Documents that Elasticsearch cannot hold, each with the reason. All others were written. */
export class RefusedDocuments extends Error {
  override readonly name = 'RefusedDocuments'
  constructor(
    kind: DocumentKind,
    readonly reasons: ReadonlyMap<string, string>,
  ) {
    const listed = [...reasons].slice(0, 5).map(([id, reason]) => `${id} (${reason})`)
    super(`${reasons.size} documents of kind ${kind} were refused: ${listed.join(', ')}`)
  }
}

export async function writeDocuments<K extends DocumentKind>(
  target: Target,
  kind: K,
  documents: readonly DocumentsByKind[K][],
): Promise<void> {
  const newest = newestById(documents)
  for (const batch of batchesOf(newest)) {
    // first, so that no document can be found whose words cannot
    await target.vocabulary.write(target.index, batch)
  }
  const entries = newest.map((document) => ({
    ...{ id: document.id, version: document.version },
    source: sourceOf(kind, document),
  }))
  await writeAll(target, kind, entries)
}

/** Leaves tombstones. Of a document and a tombstone of one version the tombstone wins, whichever comes first. */
export async function writeTombstones(
  target: Target,
  kind: DocumentKind,
  removed: readonly { id: string; version: number }[],
): Promise<void> {
  const entries = newestById(removed).map(({ id, version }) => ({
    ...{ id, version },
    source: tombstoneOf(kind, id, version),
  }))
  await writeAll(target, kind, entries)
}

async function writeAll(target: Target, kind: DocumentKind, entries: readonly Entry[]) {
  const reasons = new Map<string, string>()
  for (const batch of batchesOf(entries)) {
    let left: readonly Entry[] = batch
    while (left.length > 0) {
      const outcomes = await writeOnce(target, kind, left)
      for (const [id, outcome] of outcomes) {
        if (outcome.kind === 'refused') reasons.set(id, outcome.reason)
      }
      left = left.filter(({ id }) => outcomes.get(id)?.kind === 'overtaken')
    }
  }
  if (reasons.size > 0) throw new RefusedDocuments(kind, reasons)
}

/** What is known of a document before it is written. */
interface Known {
  readonly version: number
  readonly live: boolean
  readonly audience?: string
  readonly person_ids?: readonly string[]
  readonly numbers?: Numbers
  readonly uncounted?: readonly string[]
}
const KNOWN = ['version', 'live', 'audience', 'person_ids', 'numbers', 'uncounted']

interface Prepared extends Write {
  readonly id: string
}

/** Writes those that are newer than what is there. The outcome of each of them, by id. */
async function writeOnce(
  target: Target,
  kind: DocumentKind,
  entries: readonly Entry[],
): Promise<Map<string, Outcome>> {
  const { connection, index, atOnce } = target
  const keys = entries.map(({ id }) => `${kind}:${id}`)
  const stored = await readStored<Known>(connection, index, { keys, fields: KNOWN })
  const newer = entries.filter((it) => isNewer(it, stored.get(`${kind}:${it.id}`)!))
  if (newer.length === 0) return new Map()
  const ids = newer.map(({ id }) => id)
  const numbers =
    kind === 'person' && atOnce ? await countNumbers(connection, index, ids) : undefined
  const writes = newer.map((entry): Prepared => {
    const { at, source } = stored.get(`${kind}:${entry.id}`)!
    const more = {
      ...(kind === 'film' && atOnce && { uncounted: uncountedBy(entry.source, source) }),
      ...(kind === 'person' && {
        numbers: (numbers ? numbers.get(entry.id) : source?.numbers) ?? [],
      }),
    }
    const { id } = entry
    return { id, key: `${kind}:${id}`, source: { ...entry.source, ...more }, after: at }
  })
  const outcomes = await bulk(connection, index, { writes, refresh: atOnce })
  if (kind === 'film' && atOnce) await countFilms(target, writes, outcomes)
  return new Map(writes.map(({ id }, at) => [id, outcomes[at]!]))
}

function isNewer({ version, source }: Entry, { source: stored }: Stored<Known>): boolean {
  if (!stored) return true
  return stored.version < version || (stored.version === version && source['live'] === false)
}

/** Persons whose numbers a film changes, and those that were not counted after its last change. */
function uncountedBy(film: Source, before: Known | undefined): string[] {
  const persons = (film['person_ids'] ?? []) as readonly string[]
  const beforehand = before?.person_ids ?? []
  const changed =
    before?.audience === film['audience']
      ? [...without(persons, beforehand), ...without(beforehand, persons)]
      : [...persons, ...beforehand]
  return [...new Set([...changed, ...(before?.uncounted ?? [])])]
}

const without = (ids: readonly string[], others: readonly string[]) =>
  ids.filter((id) => !others.includes(id))

/** Counts the films of the persons that these films changed, and notes that it is done: until then whoever writes them next does it. */
async function countFilms(
  { connection, index }: Target,
  writes: readonly Prepared[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const pending = writes.flatMap(({ key, source }, at) => {
    const outcome = outcomes[at]!
    const uncounted = source['uncounted'] as readonly string[]
    if (outcome.kind !== 'written' || uncounted.length === 0) return []
    return [{ key, source, uncounted, after: outcome.at }]
  })
  await recount(connection, index, [...new Set(pending.flatMap((it) => it.uncounted))])
  const counted = pending.map(({ key, source, after }) => ({
    ...{ key, after },
    source: { ...source, uncounted: [] },
  }))
  // one that somebody has overwritten meanwhile is his to count
  await bulk(connection, index, { writes: counted, refresh: false })
}

function newestById<D extends { id: string; version: number }>(documents: readonly D[]): D[] {
  const newest = new Map<string, D>()
  for (const document of documents) {
    const known = newest.get(document.id)
    if (!known || known.version < document.version) newest.set(document.id, document)
  }
  return [...newest.values()]
}

const batchesOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  )
