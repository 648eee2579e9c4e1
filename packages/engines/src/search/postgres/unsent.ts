import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import type { DocumentKind, DocumentsByKind, IndexContent } from '../search-index.js'
import { storable } from '../storable.js'

const AT_ONCE = 500
// any number, the same in every process
const LOCK = 7_265_119

const SCHEMA_SQL = `
CREATE SCHEMA IF NOT EXISTS search_unsent;
CREATE TABLE IF NOT EXISTS search_unsent.documents (
  release text,
  kind text,
  id text,
  version bigint NOT NULL,
  -- NULL of one that was removed
  document jsonb,
  noted timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (release, kind, id)
)`

type Document = DocumentsByKind[DocumentKind]
interface Row {
  readonly kind: DocumentKind
  readonly id: string
  readonly version: number
  readonly document?: Document | null
}

export interface UnsentOptions {
  pool: pg.Pool
  /** What tells the index from those of other releases: its documents are others. */
  release: string
  log: Logger
}

/**
 * Documents that an index was not sent because it did not answer, the newest of each: in Postgres, so that nothing is lost
 * whoever dies. Throws DependencyError.
 */
export class Unsent {
  constructor(private readonly options: UnsentOptions) {}

  async start(): Promise<void> {
    await this.#run(`SELECT pg_advisory_xact_lock(${LOCK}); ${SCHEMA_SQL}`)
    // a release that is gone comes back to an index that is built anew
    await this.#run(
      `DELETE FROM search_unsent.documents WHERE release <> $1 AND noted < now() - interval '7 days'`,
      [this.options.release],
    )
  }

  /** Those without a document were removed. Of one version the removal wins. */
  async note(kind: DocumentKind, rows: readonly Omit<Row, 'kind'>[]): Promise<void> {
    const given = rows.map(({ id, version, document = null }) => ({ id, version, document }))
    await this.#run(
      `INSERT INTO search_unsent.documents AS stored (release, kind, id, version, document)
      SELECT DISTINCT ON (id) $1, $2, id, version, nullif(document, 'null')
      FROM jsonb_to_recordset($3) AS given (id text, version bigint, document jsonb)
      -- the same order everywhere, or two writers wait for each other
      ORDER BY id, version DESC
      ON CONFLICT (release, kind, id) DO UPDATE
      SET version = excluded.version, document = excluded.document, noted = now()
      WHERE stored.version < excluded.version
        OR (stored.version = excluded.version AND excluded.document IS NULL)`,
      [this.options.release, kind, JSON.stringify(given, textsStorable)],
    )
  }

  async isEmpty(): Promise<boolean> {
    const [row] = await this.#run<{ empty: boolean }>(
      'SELECT NOT EXISTS (SELECT FROM search_unsent.documents WHERE release = $1) AS empty',
      [this.options.release],
    )
    return row!.empty
  }

  /** Sends everything; what is noted meanwhile, too. What the index refuses is told in the log. */
  async send(to: Pick<IndexContent, 'upsert' | 'remove'>): Promise<void> {
    for (;;) {
      const rows = await this.#run<Row>(
        `SELECT kind, id, version::float8 AS version, document FROM search_unsent.documents
        WHERE release = $1 ORDER BY kind DESC, id LIMIT ${AT_ONCE}`,
        [this.options.release],
      )
      if (rows.length === 0) return
      for (const [kind, of] of Map.groupBy(rows, (row) => row.kind))
        await this.#sendAll(to, kind, of)
      // one that was noted anew has another version
      await this.#run(
        `DELETE FROM search_unsent.documents AS stored
        USING jsonb_to_recordset($2) AS sent (kind text, id text, version bigint)
        WHERE release = $1 AND (stored.kind, stored.id, stored.version) = (sent.kind, sent.id, sent.version)`,
        [
          this.options.release,
          JSON.stringify(rows.map(({ kind, id, version }) => ({ kind, id, version }))),
        ],
      )
    }
  }

  async #sendAll(
    to: Pick<IndexContent, 'upsert' | 'remove'>,
    kind: DocumentKind,
    rows: readonly Row[],
  ): Promise<void> {
    const documents = rows.flatMap(({ document }) => document ?? [])
    const removed = rows.filter(({ document }) => !document)
    await this.#tellRefused(to.upsert(kind, documents))
    await this.#tellRefused(to.remove(kind, removed))
  }

  async #tellRefused(sent: Promise<void>): Promise<void> {
    try {
      await sent
    } catch (error) {
      if (error instanceof DependencyError) throw error
      this.options.log.error({ err: error }, 'the search index refused documents')
    }
  }

  async #run<R extends object>(sql: string, values?: readonly unknown[]): Promise<R[]> {
    try {
      const { rows } = await this.options.pool.query<R>(sql, values ? [...values] : undefined)
      return rows
    } catch (error) {
      throw new DependencyError('postgres', 'the query failed', { cause: error })
    }
  }
}

const textsStorable = (_: string, value: unknown) =>
  typeof value === 'string' ? storable(value) : value
