import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { diff, readSchema } from '@cinegraph/embedded/drift'
import { migrate, readMigrations } from '@cinegraph/embedded/migrations'
import { parseConfig } from '@cinegraph/kit/config'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { z } from 'zod'
import { databaseEnv, withDatabase, withTemporaryDatabase } from './database.js'
import { MIGRATIONS, PRISMA } from './paths.js'

const USAGE = `Usage:
  npm run migrate                  apply what the database lacks
  npm run migrate -- create NAME   write the migration from prisma/migrations to prisma/schema
  npm run migrate -- check         fail when prisma/migrations and prisma/schema differ`

/** Returns the exit code. */
async function main([command = 'apply', name, ...rest]: readonly string[]): Promise<number> {
  if (command === 'apply' && name === undefined) return apply()
  if (command === 'check' && name === undefined) return check()
  if (command === 'create' && rest.length === 0 && /^[a-z][a-z0-9_]*$/.test(name ?? '')) {
    return create(name!)
  }
  console.error(USAGE)
  console.error('NAME is of lower-case letters, digits and underscores.')
  return 2
}

async function apply(): Promise<number> {
  const settings = parseConfig(z.object(databaseEnv), process.env)
  const names = await withDatabase(settings, (url) => migrate(url, MIGRATIONS))
  console.log(names.map((name) => `applied ${name}`).join('\n') || 'Nothing to apply.')
  return 0
}

async function check(): Promise<number> {
  const sql = await drift()
  if (sql === '') return 0
  console.error(
    `prisma/migrations do not lead to prisma/schema; \`npm run migrate -- create NAME\` writes what is missing:\n\n${sql}`,
  )
  return 1
}

async function create(name: string): Promise<number> {
  const sql = await drift()
  if (sql === '') {
    console.log('prisma/migrations lead to prisma/schema already; nothing to write.')
    return 0
  }
  const timestamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const folder = path.join(MIGRATIONS, `${timestamp}_${name}`)
  await mkdir(folder)
  await writeFile(path.join(folder, 'migration.sql'), sql)
  console.log(
    `Wrote ${path.relative(process.cwd(), folder)}/migration.sql. Read it before you apply it.`,
  )
  return 0
}

const drift = (): Promise<string> =>
  withTemporaryDatabase(async (url) =>
    diff({
      url,
      schema: await readSchema(path.join(PRISMA, 'schema')),
      migrations: await readMigrations(MIGRATIONS),
    }),
  )

const code = await main(process.argv.slice(2)).catch((error: unknown) =>
  failProcess('migrate', error),
)
// Prisma's engine leaves a timer of ten seconds behind
process.exit(code)
