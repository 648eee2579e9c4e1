import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { databaseUrl } from './database-url.js'
import type { Migration } from './migrations.js'
import { migrationList, NO_FILTERS, withSchemaEngine, type SchemaFile } from './schema-engine.js'

/** The `.prisma` files of a folder such as `prisma/schema`. */
export async function readSchema(folder: string): Promise<SchemaFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma'))
  return Promise.all(
    names.toSorted().map(async (name) => ({
      path: name,
      content: await readFile(path.join(folder, name), 'utf8'),
    })),
  )
}

export interface DiffOptions {
  /** Any database of a server on which two throw-away databases may be made. */
  url: string
  schema: readonly SchemaFile[]
  migrations: readonly Migration[]
}

/** The SQL that leads from `migrations` to `schema`; empty when they agree. */
export async function diff({ url, schema, migrations }: DiffOptions): Promise<string> {
  return withScratchDatabases(url, ([main, shadow]) =>
    withSchemaEngine({ url: main, shadowUrl: shadow, schema }, async (engine) => {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'migrations', ...migrationList(migrations) },
        to: { tag: 'schemaDatamodel', files: [...schema] },
        script: true,
        exitCode: true,
        filters: NO_FILTERS,
      })
      // without a difference it prints a comment that says so
      return exitCode === DIFFERENT ? (stdout ?? '') : ''
    }),
  )
}

const DIFFERENT = 2

async function withScratchDatabases<T>(
  url: string,
  use: (urls: [string, string]) => Promise<T>,
): Promise<T> {
  const suffix = `${process.pid}_${Date.now()}`
  const names = [`cinegraph_diff_${suffix}`, `cinegraph_shadow_${suffix}`] as const
  const client = new pg.Client({ connectionString: url })
  // a connection that breaks fails its query; without a listener it would also end the process
  client.on('error', () => {})
  await client.connect()
  try {
    for (const name of names) await client.query(`CREATE DATABASE ${name}`)
    return await use([databaseUrl(url, names[0]), databaseUrl(url, names[1])])
  } finally {
    for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await client.end()
  }
}
