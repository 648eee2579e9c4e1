import { namesOf } from '../document-text.js'
import type { DocumentKind, DocumentsByKind } from '../search-index.js'
import { soundOf } from '../sounds.js'
import { storable } from '../storable.js'
import { wordsOf } from '../words.js'
import { codeOf, type Run } from './connection.js'
import { rowOf, type Row } from './rows.js'
import { TABLES } from './tables.js'

const BATCH = 300
const SHORTEST_IN_VOCABULARY = 3

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
  const { name, columns } = TABLES[kind]
  const entries = Object.entries(columns)
  const names = entries.map(([column]) => column)
  const sql = `INSERT INTO ${name} AS stored (${names.join(', ')})
    SELECT ${entries.map(([column, { value }]) => value ?? column).join(', ')}
    FROM jsonb_to_recordset($1) AS given (${entries.map(([column, { type }]) => `${column} ${type}`).join(', ')})
    -- the same order everywhere, or two writers wait for each other
    ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET ${names.map((column) => `${column} = excluded.${column}`).join(', ')}
    WHERE ${when}`
  const json = JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'string' ? storable(value) : value,
  )
  await despiteDeadlocks(() => run(sql, [json]))
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

async function writeVocabulary(
  run: Run,
  documents: readonly DocumentsByKind[DocumentKind][],
): Promise<void> {
  const words = [...new Set(documents.flatMap(namesOf).flatMap((name) => wordsOf(name)))]
    .filter((word) => word.length >= SHORTEST_IN_VOCABULARY && soundOf(word) !== '')
    .sort()
  await run(
    `INSERT INTO search.vocabulary SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
    [words, words.map(soundOf)],
  )
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
