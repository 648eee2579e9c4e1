import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { diff, readSchema } from '@cinegraph/embedded/drift'
import { migrate, readMigrations } from '@cinegraph/embedded/migrations'
import { migrationList, NO_FILTERS, withSchemaEngine } from '@cinegraph/embedded/schema-engine'
import { createTestDatabase } from '@cinegraph/testkit/database'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PRISMA = path.resolve(import.meta.dirname, '..')
const MIGRATIONS = path.join(PRISMA, 'migrations')
const schema = await readSchema(path.join(PRISMA, 'schema'))
const migrations = await readMigrations(MIGRATIONS)
const names = migrations.map(({ name }) => name)

const emptyDatabase = async () => (await createTestDatabase({ empty: true })).url

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the migrations of this repository', () => {
  test('lead to the schema', async () => {
    expect(await diff({ url: await emptyDatabase(), schema, migrations })).toBe('')
  })

  test('partitions that were made since are no difference', async () => {
    const url = await emptyDatabase()
    await migrate(url, MIGRATIONS)
    await query(url, `SELECT users.add_login_attempt_partition('2031-01-01')`)
    await withSchemaEngine({ url, schema }, async (engine) => {
      const answer = await engine.diff({
        from: { tag: 'schemaDatasource', files: [...schema], configDir: '.' },
        to: { tag: 'schemaDatamodel', files: [...schema] },
        script: true,
        exitCode: true,
        filters: NO_FILTERS,
      })
      expect(answer).toMatchObject({ exitCode: 0 })
    })
  })

  test('a schema that went on without a migration is a difference', async () => {
    const addition = 'model Extra {\n  id Int @id\n  @@schema("users")\n}\n'
    const changed = [...schema, { path: 'extra.prisma', content: addition }]
    expect(await diff({ url: await emptyDatabase(), schema: changed, migrations })).toContain(
      'CREATE TABLE "users"."Extra"',
    )
  })

  test('are applied once, in order', async () => {
    const url = await emptyDatabase()
    expect(await migrate(url, MIGRATIONS)).toEqual(names)
    expect(await migrate(url, MIGRATIONS)).toEqual([])
  })

  test('processes that start together apply each of them once', async () => {
    const url = await emptyDatabase()
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url, MIGRATIONS)))
    expect(applied.flat()).toEqual(names)
  })

  test('bring the built-in roles', async () => {
    const url = await emptyDatabase()
    await migrate(url, MIGRATIONS)
    const roles = await query<{ name: string; permissions: string[] }>(
      url,
      'SELECT name, permissions FROM users.role ORDER BY id',
    )
    const editor = ['films:write', 'films:read-hidden', 'people:write']
    expect(roles).toEqual([
      { name: 'user', permissions: [] },
      { name: 'subscriber', permissions: [] },
      { name: 'editor', permissions: editor },
      { name: 'admin', permissions: [...editor, 'users:read', 'users:write', 'roles:write'] },
    ])
  })
})

describe("the history is Prisma's own", () => {
  const engine = { schema, migrationsList: migrationList(migrations), filters: NO_FILTERS }

  test('Prisma finds nothing to apply, to repair or edited after us', async () => {
    const url = await emptyDatabase()
    await migrate(url, MIGRATIONS)
    await withSchemaEngine({ url, schema }, async (prisma) => {
      const { appliedMigrationNames } = await prisma.applyMigrations(engine)
      expect(appliedMigrationNames).toEqual([])
      expect(
        await prisma.diagnoseMigrationHistory({ ...engine, optInToShadowDatabase: false }),
      ).toMatchObject({
        hasMigrationsTable: true,
        history: null,
        failedMigrationNames: [],
        editedMigrationNames: [],
      })
    })
  })

  test('we find nothing to apply after Prisma, and the tables are alike', async () => {
    const ours = await emptyDatabase()
    await migrate(ours, MIGRATIONS)
    const theirs = await emptyDatabase()
    await withSchemaEngine({ url: theirs, schema }, (prisma) => prisma.applyMigrations(engine))
    expect(await migrate(theirs, MIGRATIONS)).toEqual([])
    const columns = `SELECT column_name, data_type, character_maximum_length, is_nullable, column_default
      FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`
    expect(await query(ours, columns)).toEqual(await query(theirs, columns))
    const rows = `SELECT migration_name, checksum, applied_steps_count, finished_at IS NULL AS failed
      FROM _prisma_migrations ORDER BY migration_name`
    expect(await query(ours, rows)).toEqual(await query(theirs, rows))
  })
})

describe('what goes wrong', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'migrations-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Writes migrations into the folder, by name. */
  async function write(scripts: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, sql] of Object.entries(scripts)) {
      await mkdir(path.join(folder, name), { recursive: true })
      await writeFile(path.join(folder, name, 'migration.sql'), sql)
    }
  }

  test('a migration that fails leaves nothing of itself, names itself, and is applied once it is mended', async () => {
    const url = await emptyDatabase()
    await write({ '1_good': 'CREATE TABLE a ()', '2_bad': 'CREATE TABLE b (); SELECT 1/0' })
    await expect(migrate(url, folder)).rejects.toThrow('migration 2_bad failed')
    const tables = await query(url, `SELECT relname FROM pg_class WHERE relname IN ('a', 'b')`)
    expect(tables).toEqual([{ relname: 'a' }])
    await write({ '2_bad': 'CREATE TABLE b ()' })
    expect(await migrate(url, folder)).toEqual(['2_bad'])
  })

  test('a migration that was edited after it was applied is refused', async () => {
    const url = await emptyDatabase()
    await write({ '1_good': 'CREATE TABLE a ()', '2_bad': 'CREATE TABLE b ()' })
    await migrate(url, folder)
    await write({ '1_good': 'CREATE TABLE a (n int)' })
    await expect(migrate(url, folder)).rejects.toThrow(
      /^DATABASE_URL: migration 1_good was applied .* and edited afterwards/,
    )
  })

  test('a migration that Prisma left half done is refused', async () => {
    const url = await emptyDatabase()
    await write({ '1_good': 'CREATE TABLE a ()' })
    await migrate(url, folder)
    await query(
      url,
      `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '1_good'`,
    )
    await expect(migrate(url, folder)).rejects.toThrow(
      /^DATABASE_URL: migration 1_good failed half way/,
    )
  })
})
