import { createReadStream } from 'node:fs'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { v5 } from 'uuid'
import {
  beginning,
  type Checkpoint,
  type CheckpointFile,
  type Counts,
  type Pass,
} from './checkpoint.js'
import { type Format, READERS } from './format.js'
import { importFilms, recogniseFilms } from './import-films.js'
import { importGenres, importPersons, recognisePeople } from './import-people.js'
import { isKind, type Kind, parseRecord } from './record.js'
import { openRefusals, type Refusal, type Refusals } from './refusals.js'
import type { Row } from './row.js'
import { openSeen } from './seen.js'
import type { Entry, ImportContext, Verdict } from './verdict.js'

export interface ImportOptions {
  readonly postgres: Postgres
  readonly file: string
  readonly format: Format
  readonly dryRun: boolean
  /** Where refused rows are told of. */
  readonly report: string
  /** What this import is known by when it goes on after an interruption: see `identify`. */
  readonly identity: string
  readonly checkpoints: CheckpointFile
  /** Ends it after the batch that is under way. */
  readonly signal?: AbortSignal
  /** Called with the bytes that were just read. The file is read twice. */
  readonly onRead?: (bytes: number) => void
}

export interface ImportSummary {
  readonly counts: Counts
  readonly unreadable: number
  /** False when `signal` ended it. */
  readonly finished: boolean
}

const BATCH_ROWS = 1_000
const BATCH_BYTES = 4 * 1024 * 1024
/** The file is read twice: a film may name somebody who comes later. */
const PASSES: readonly Pass[] = ['people', 'films']
const KINDS_OF = { people: ['genre', 'person'], films: ['film'] } as const

/**
 * Brings the rows of a file into the catalogue, batch by batch, or goes on where an interrupted import of the same file into the
 * same database has stopped. Holds one batch at a time.
 */
export async function importCatalogue(options: ImportOptions): Promise<ImportSummary> {
  const { postgres, dryRun, identity, checkpoints } = options
  const noted = await checkpoints.load(identity)
  let checkpoint = noted ?? beginning(identity, options.report)
  if (checkpoint.report !== options.report) {
    checkpoint = { ...checkpoint, report: options.report, reportBytes: 0 }
  }
  const refusals = await openRefusals(options.report, checkpoint.reportBytes)
  const seen = await openSeen(postgres)
  const { run } = checkpoint
  const context: ImportContext = {
    prisma: postgres.prisma,
    seen,
    dryRun,
    idOf: (kind, slug) => v5(`${kind} ${slug}`, run),
  }
  try {
    for (const pass of PASSES.slice(PASSES.indexOf(checkpoint.pass))) {
      if (pass !== checkpoint.pass) checkpoint = { ...checkpoint, pass, line: 0 }
      for await (const batch of batches(rowsOf(pass, options))) {
        const from = checkpoint.line
        await recognise(context, parse(batch.filter(({ line }) => line <= from)).entries)
        const rows = batch.filter(({ line }) => line > from)
        if (rows.length === 0) continue
        // before the first write: its ids are needed again should this be cut short
        if (checkpoint.rows === 0) await checkpoints.save(checkpoint)
        checkpoint = await importBatch({ context, refusals, checkpoint }, rows)
        await checkpoints.save(checkpoint)
        if (options.signal?.aborted) return summaryOf(checkpoint, false)
      }
    }
  } finally {
    seen.close()
  }
  await checkpoints.remove()
  return summaryOf(checkpoint, true)
}

const summaryOf = ({ counts, unreadable }: Checkpoint, finished: boolean): ImportSummary => ({
  counts,
  unreadable,
  finished,
})

/** The rows that a pass is about; those that cannot be read belong to the first. */
async function* rowsOf(pass: Pass, { file, format, onRead }: ImportOptions): AsyncGenerator<Row> {
  const read = READERS[format]
  for await (const row of read(counted(createReadStream(file), onRead))) {
    const kind = kindOf(row)
    if (kind ? (KINDS_OF[pass] as readonly Kind[]).includes(kind) : pass === 'people') yield row
  }
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  onRead: ImportOptions['onRead'],
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk
    onRead?.(chunk.length)
  }
}

async function* batches(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  let from = 0
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH_ROWS && row.bytes - from < BATCH_BYTES) continue
    yield batch
    batch = []
    from = row.bytes
  }
  if (batch.length > 0) yield batch
}

interface Parsed {
  readonly entries: readonly Entry[]
  readonly refused: readonly Refusal[]
}

function parse(rows: readonly Row[]): Parsed {
  const entries: Entry[] = []
  const refused: Refusal[] = []
  for (const row of rows) {
    const kind = kindOf(row)
    if (!kind) {
      refused.push({ line: row.line, kind: null, key: null, problems: [problemOf(row)] })
      continue
    }
    const result = parseRecord(kind, row.value)
    if ('record' in result) entries.push({ line: row.line, record: result.record })
    else refused.push({ line: row.line, kind, key: keyOf(row.value), ...result })
  }
  return { entries, refused }
}

const problemOf = ({ problem }: Row) =>
  problem ?? { field: 'kind', message: 'must be genre, person or film' }

function kindOf({ value }: Row): Kind | undefined {
  const kind = (value as { kind?: unknown } | undefined)?.kind
  return isKind(kind) ? kind : undefined
}

/** What a person would find the row by, as far as it is what it should be: it comes from a row that was refused. */
function keyOf(value: unknown): string | null {
  const { slug, externalIds } = value as { slug?: unknown; externalIds?: unknown }
  if (typeof slug === 'string') return slug.slice(0, LONGEST_KEY)
  if (typeof externalIds !== 'object' || externalIds === null) return null
  const ids = Object.entries(externalIds).filter(([, id]) => typeof id === 'string')
  if (ids.length === 0) return null
  return JSON.stringify(Object.fromEntries(ids)).slice(0, LONGEST_KEY)
}

const LONGEST_KEY = 200

const ofKind = <K extends Kind>(entries: readonly Entry[], kind: K) =>
  entries.filter((it): it is Entry<K> => it.record.kind === kind)

/** Notes the names of what was imported before an interruption. */
async function recognise(context: ImportContext, entries: readonly Entry[]): Promise<void> {
  await recognisePeople(context, 'genre', ofKind(entries, 'genre'))
  await recognisePeople(context, 'person', ofKind(entries, 'person'))
  await recogniseFilms(context, ofKind(entries, 'film'))
}

interface BatchOptions {
  readonly context: ImportContext
  readonly refusals: Refusals
  readonly checkpoint: Checkpoint
}

/** Returns where the import stands after it. */
async function importBatch(
  { context, refusals, checkpoint }: BatchOptions,
  rows: readonly Row[],
): Promise<Checkpoint> {
  const { entries, refused } = parse(rows)
  const films = await importFilms(context, ofKind(entries, 'film'))
  const verdicts: Verdict[] = [
    ...(await importGenres(context, ofKind(entries, 'genre'))),
    ...(await importPersons(context, ofKind(entries, 'person'))),
    ...films.verdicts,
  ]
  const all = [...refused, ...verdicts.flatMap(refusalOf)]
  await refusals.add(all.toSorted((a, b) => a.line - b.line))
  const unreadableRows = refused.filter(({ kind }) => kind === null).length
  return {
    ...checkpoint,
    line: rows.at(-1)!.line,
    rows: checkpoint.rows + rows.length,
    counts: countsAfter(checkpoint.counts, { verdicts, refused, made: films.personsMade }),
    unreadable: checkpoint.unreadable + unreadableRows,
    reportBytes: refusals.bytes,
  }
}

const refusalOf = ({ entry: { line, record }, outcome }: Verdict): Refusal[] =>
  outcome.kind === 'REFUSED'
    ? [{ line, kind: record.kind, key: keyOf(record), problems: outcome.problems }]
    : []

interface Counted {
  readonly verdicts: readonly Verdict[]
  readonly refused: readonly Refusal[]
  readonly made: number
}

function countsAfter(before: Counts, { verdicts, refused, made }: Counted): Counts {
  const after = structuredClone(before) as Record<Kind, Counts[Kind]>
  const add = (kind: Kind, outcome: string, by = 1) => {
    const of = outcome.toLowerCase() as keyof Counts[Kind]
    after[kind] = { ...after[kind], [of]: after[kind][of] + by }
  }
  for (const { entry, outcome } of verdicts) add(entry.record.kind, outcome.kind)
  for (const { kind } of refused) if (isKind(kind)) add(kind, 'REFUSED')
  add('person', 'CREATED', made)
  return after
}
