import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { ImportOutcome, ImportProblem } from '@cinegraph/kit/importing'
import type { Kind, RecordOf } from './record.js'
import type { Seen } from './seen.js'

/** A record and where it stood. */
export interface Entry<K extends Kind = Kind> {
  readonly line: number
  readonly record: RecordOf<K>
}

/** What became of an entry. */
export interface Verdict<K extends Kind = Kind> {
  readonly entry: Entry<K>
  readonly outcome: ImportOutcome<unknown>
}

export interface ImportContext {
  readonly prisma: Postgres['prisma']
  readonly seen: Seen
  /** Nothing is written: verdicts tell what would be. */
  readonly dryRun: boolean
  /** The id of what is new. */
  readonly idOf: (kind: Kind, slug: string) => string
}

// whatever an import writes has a history, and search follows
export const TOLD = { told: true }

export const refused = <K extends Kind>(
  entry: Entry<K>,
  ...problems: readonly ImportProblem[]
): Verdict<K> => ({ entry, outcome: { kind: 'REFUSED', problems } })

export const repeats = (field: string, line: number): ImportProblem => ({
  field,
  message: `repeats line ${line}`,
})
