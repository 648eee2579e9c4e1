import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEmbeddedPostgres, type EmbeddedPostgresOptions } from '../src/postgres.js'

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'start '))
  await chmod(folder, 0o755)
  dataDir = path.join(folder, 'deep '.repeat(30).trim(), 'post gres')
})
afterEach(() => rm(folder, { recursive: true }))

/** Starts Postgres on the folder, asks it, and stops it. */
async function startAndAsk<T extends object>(
  sql: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<T[]> {
  const log = createLogger({ name: 'test', level: 'silent' })
  const postgres = openEmbeddedPostgres({ dataDir, log, ...options })
  await postgres.start()
  const client = new pg.Client({ connectionString: postgres.url })
  try {
    expect(await postgres.ready()).toEqual({ ready: true })
    await client.connect()
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
    await postgres.stop(AbortSignal.timeout(10_000))
  }
}

const firstStart = () => startAndAsk('CREATE TABLE kept (n int)')

test('data survives a restart, in a deep folder with blanks', async () => {
  await firstStart()
  expect(await startAndAsk('SELECT * FROM kept')).toEqual([])
})

test('Russian and English collations are there, and letters beyond ASCII have case', async () => {
  const rows = await startAndAsk(
    `SELECT lower('ЁЖ') AS lower, 'ё' < 'ж' COLLATE "ru-x-icu" AS ru, 'a' < 'B' COLLATE "en-x-icu" AS en`,
  )
  expect(rows).toEqual([{ lower: 'ёж', ru: true, en: true }])
})

test('writes are durable unless it is told otherwise', async () => {
  const [row] = await startAndAsk<{ fsync: string; commit: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
  )
  expect(row).toEqual({ fsync: 'on', commit: 'on' })
  expect(await startAndAsk('SHOW fsync', { settings: { fsync: 'off' } })).toEqual([
    { fsync: 'off' },
  ])
})

test('the password is for the owner only', async () => {
  await firstStart()
  expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600)
  expect(await readFile(`${dataDir}.password`, 'utf8')).toMatch(/^[\w-]{32}$/)
})

test('a stale process file that names a living stranger is no obstacle', async () => {
  await firstStart()
  await writeFile(path.join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n`)
  expect(await startAndAsk('SELECT * FROM kept')).toEqual([])
})

describe('what keeps it from starting is told in words:', () => {
  const refusal = (options: Partial<EmbeddedPostgresOptions> = {}) =>
    startAndAsk('SELECT 1', options).then(
      () => 'it started',
      (error: unknown) => String(error),
    )

  test('a port that is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    expect(await refusal({ port })).toBe(
      `ConfigError: CINEGRAPH_POSTGRES_PORT: port ${port} on 127.0.0.1 is taken by another process`,
    )
    await new Promise((resolve) => other.close(resolve))
    expect(await refusal({ port })).toBe('it started')
  })

  test.each(['global/pg_control', 'PG_VERSION'])('an emptied %s', async (file) => {
    await firstStart()
    await truncate(path.join(dataDir, file))
    const message = await refusal()
    expect(message).toContain(`CINEGRAPH_DATA: the embedded Postgres cannot use ${dataDir}: `)
    expect(message).toMatch(/(PANIC|FATAL): /)
    expect(message).toContain('npm run reset')
  })

  test('a folder that is not a data folder', async () => {
    await mkdir(dataDir, { recursive: true })
    await writeFile(`${dataDir}.password`, 'secret')
    expect(await refusal()).toContain(`cannot use ${dataDir}: `)
  })

  test('a lost password', async () => {
    await firstStart()
    await rm(`${dataDir}.password`)
    expect(await refusal()).toContain(`cannot use ${dataDir}: ${dataDir}.password is missing`)
  })

  test('a full disk', async () => {
    await firstStart()
    // what Postgres writes there goes to a device that is always full
    await rm(path.join(dataDir, 'postmaster.opts'))
    await symlink('/dev/full', path.join(dataDir, 'postmaster.opts'))
    expect(await refusal()).toBe(
      `ConfigError: CINEGRAPH_DATA: the disk that holds ${dataDir} is full`,
    )
  })

  test('a folder that may not be entered', async () => {
    await firstStart()
    await chmod(dataDir, 0o000)
    expect(await refusal()).toMatch(/CINEGRAPH_DATA: .*Permission denied/)
    await chmod(dataDir, 0o700)
  })

  test('a file where the folder should be', async () => {
    await mkdir(path.dirname(dataDir), { recursive: true })
    await writeFile(dataDir, '')
    await writeFile(`${dataDir}.password`, 'secret')
    expect(await refusal()).toContain(`cannot use ${dataDir}: `)
  })
})
