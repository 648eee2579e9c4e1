import { namesOf } from '../document-text.js'
import type { DocumentKind, DocumentsByKind } from '../search-index.js'
import { soundOf } from '../sounds.js'
import { storable } from '../storable.js'
import { wordsOf } from '../words.js'
import { codeOf, type Run } from './connection.js'
import { rowOf, type Row } from './rows.js'
import { TABLES } from './tables.js'

const BATCH = 500
const SHORTEST_IN_VOCABULARY = 3
const MOST_REMEMBERED = 200_000

export async function writeDocuments<K extends DocumentKind>(
  run: Run,
  kind: K,
  documents: readonly DocumentsByKind[K][],
): Promise<void> {
  for (const batch of batchesOf(newestById(documents))) {
    // first, so that no document can be found whose words cannot
    await writeVocabulary(run, batch)
    await write(run, { kind, rows: batch.map(rowOf), when: 'stored.version < excluded.version' })
  }
}

/** Leaves tombstones. Of a document and a tombstone of one version the tombstone wins, whichever comes first. */
export async function writeTombstones(
  run: Run,
  kind: DocumentKind,
  entries: readonly { id: string; version: number }[],
): Promise<void> {
  for (const batch of batchesOf(newestById(entries))) {
    const rows = batch.map(({ id, version }) => ({ id, version, live: false }))
    await write(run, { kind, rows, when: 'stored.version <= excluded.version' })
  }
}

async function write(
  run: Run,
  { kind, rows, when }: { kind: DocumentKind; rows: readonly Row[]; when: string },
): Promise<void> {
  const { name, columns, computed } = TABLES[kind]
  const entries = Object.entries(columns)
  const names = entries.map(([column]) => column)
  const sql = `INSERT INTO ${name} AS stored (${names.join(', ')})
    SELECT ${entries.map(([column, { value }]) => value ?? column).join(', ')}
    FROM jsonb_to_recordset($1) AS given (${entries.map(([column, { type }]) => `${column} ${type}`).join(', ')})${computed}
    -- the same order everywhere, or two writers wait for each other
    ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET ${names.map((column) => `${column} = excluded.${column}`).join(', ')}
    WHERE ${when}`
  await despiteDeadlocks(() => run(sql, [jsonOf(rows)]))
}

// how JSON writes what Postgres does not store
const UNSTORABLE = /\\u(?:0000|d[89a-f])/

function jsonOf(rows: readonly Row[]): string {
  const json = JSON.stringify(rows)
  if (!UNSTORABLE.test(json)) return json
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'string' ? storable(value) : value,
  )
}

const DEADLOCK = '40P01'
const ATTEMPTS = 10

/**
 * The triggers for what was inserted and for what was updated count persons one after the other, each in order but not both, so two
 * writers can meet in a circle. Postgres ends one, which has then written nothing, and may do it again.
 */
async function despiteDeadlocks(write: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write()
      return
    } catch (error) {
      const lost = error instanceof Error && codeOf(error.cause) === DEADLOCK
      if (!lost || attempt === ATTEMPTS) throw error
    }
  }
}

/** Words that went the same way before: a rebuild sends the same ones again and again. Nothing takes words out of a vocabulary. */
const written = new WeakMap<Run, Set<string>>()

async function writeVocabulary(
  run: Run,
  documents: readonly DocumentsByKind[DocumentKind][],
): Promise<void> {
  const before = written.get(run) ?? new Set()
  written.set(run, before)
  const words = [...new Set(documents.flatMap(namesOf).flatMap((name) => wordsOf(name)))]
    .filter((word) => !before.has(word))
    .filter((word) => word.length >= SHORTEST_IN_VOCABULARY && soundOf(word) !== '')
    .sort()
  if (words.length === 0) return
  await run(
    `INSERT INTO search.vocabulary SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
    [words, words.map(soundOf)],
  )
  if (before.size > MOST_REMEMBERED) before.clear()
  for (const word of words) before.add(word)
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
