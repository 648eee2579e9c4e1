import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { onTestFinished } from 'vitest'
import { noCheckpoint } from '../src/catalogue/exchange/checkpoint.js'
import { exportCatalogue } from '../src/catalogue/exchange/export-catalogue.js'
import type { Format } from '../src/catalogue/exchange/format.js'
import { importCatalogue, type ImportOptions } from '../src/catalogue/exchange/import-catalogue.js'
import type { Refusal } from '../src/catalogue/exchange/refusals.js'
import { ROOT } from '../src/paths.js'

export const ndjson = (...records: readonly object[]): string =>
  records.map((it) => `${JSON.stringify(it)}\n`).join('')

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-import-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** An empty catalogue that goes with the test. */
export async function openCatalogue() {
  const { url } = await createTestDatabase()
  const postgres = openPostgres({ url, log: memoryLog().log, statementTimeoutMs: 60_000 })
  await postgres.start()
  onTestFinished(() => postgres.stop(AbortSignal.timeout(5_000)))
  const folder = await temporaryFolder()

  /** Imports a text, and returns the summary and the report. */
  async function bring(
    content: string,
    options: { format?: Format } & Partial<Omit<ImportOptions, 'format'>> = {},
  ) {
    const [file, report] = [path.join(folder, 'file'), path.join(folder, 'report')]
    await writeFile(file, content)
    const summary = await importCatalogue({
      ...{ postgres, file, report, format: 'ndjson', dryRun: false, identity: 'this' },
      ...{ checkpoints: noCheckpoint, ...options },
    })
    const lines = await readFile(report, 'utf8').catch(() => '')
    const refusals = lines
      .split('\n')
      .filter(Boolean)
      .map((it) => JSON.parse(it) as Refusal)
    return { ...summary, refusals }
  }

  async function told(format: Format = 'ndjson'): Promise<string> {
    let whole = ''
    for await (const page of exportCatalogue(postgres, format)) whole += page
    return whole
  }
  return { url, postgres, prisma: postgres.prisma, bring, told, rows: () => rowsOf(postgres) }
}

/** All rows of all tables that a catalogue is in, by table. */
export async function rowsOf({ pool }: Postgres): Promise<Record<string, unknown>> {
  const tables = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
       -- temporary tables of a connection that is just ending
       AND schemaname NOT LIKE 'pg\\_temp%' ORDER BY 1`,
  )
  const all: Record<string, unknown> = {}
  for (const { name } of tables.rows) {
    const { rows } = await pool.query(`SELECT to_jsonb(it) AS row FROM ${name} AS it ORDER BY 1`)
    all[name] = rows
  }
  return all
}

export const film = (slug: string, fields: object = {}) => ({
  ...{ kind: 'film', slug, type: 'MOVIE', title: { en: slug }, ageRating: 12 },
  ...{ originalTitle: slug, originalLanguage: 'en', ...fields },
})
export const person = (slug: string, fields: object = {}) => ({
  ...{ kind: 'person', slug, name: { en: slug }, ...fields },
})
export const genre = (slug: string, fields: object = {}) => ({
  ...{ kind: 'genre', slug, name: { en: slug }, ...fields },
})

const SCRIPTS = path.join(ROOT, 'scripts/src')

/** Runs a script of this package, as `npm run` does, in a process of its own. */
export function startScript(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions', 'source', path.join(SCRIPTS, `${name}.ts`), ...args],
    { cwd: ROOT, env: { PATH: process.env['PATH'], ...env }, stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const exit = once(child, 'exit')
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  return {
    child,
    async ended() {
      const [stdout, stderr] = await output
      return { code: (await exit)[0] as number | null, stdout, stderr }
    },
  }
}
