import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { lockDataFolder } from '@cinegraph/embedded/lock'
import { readMigrations } from '@cinegraph/embedded/migrations'
import { createTestDatabase } from '@cinegraph/testkit/database'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSecrets } from '../../scripts/src/all-in-one/secrets.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const names = (await readMigrations(path.join(ROOT, 'prisma/migrations'))).map((it) => it.name)

let parent: string
let data: string
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'data of '))
  await chmod(parent, 0o755)
  data = path.join(parent, '.cinegraph')
})
afterEach(() => rm(parent, { recursive: true }))

/** Runs `scripts/src/<name>.ts` on the data folder of this test. */
async function run(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const script = path.join(ROOT, 'scripts/src', `${name}.ts`)
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions', 'source', script, ...args],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], CINEGRAPH_DATA: data, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exit = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: (await exit)[0] as number, stdout, stderr }
}

describe('npm run migrate', () => {
  test('applies to the embedded Postgres, and leaves the folder to the next one', async () => {
    const first = await run('migrate', [])
    expect(first).toMatchObject({
      code: 0,
      stdout: names.map((name) => `applied ${name}\n`).join(''),
      stderr: '',
    })
    expect(await run('migrate', [])).toMatchObject({ code: 0, stdout: 'Nothing to apply.\n' })
    expect((await readdir(data)).toSorted()).toEqual(['postgres', 'postgres.password'])
  })

  test('applies to a given Postgres and then starts none', async () => {
    const { url } = await createTestDatabase({ empty: true })
    const { code, stdout } = await run('migrate', [], { DATABASE_URL: url })
    expect({ code, applied: stdout.split('\n').length - 1 }).toEqual({
      code: 0,
      applied: names.length,
    })
    await expect(access(data)).rejects.toThrow('ENOENT')
  })

  test('names the setting when that Postgres is not there', async () => {
    const { code, stderr } = await run('migrate', [], {
      DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c',
    })
    expect(code).toBe(1)
    expect(stderr).toContain('DATABASE_URL: no Postgres answers at 127.0.0.1:1 (ECONNREFUSED)')
    expect(stderr).not.toContain('a:b')
  })

  test('checks and creates without touching any data, and writes nothing when there is nothing to write', async () => {
    expect(await run('migrate', ['check'])).toMatchObject({ code: 0, stdout: '' })
    const { code, stdout } = await run('migrate', ['create', 'nothing_new'])
    expect(code).toBe(0)
    expect(stdout).toContain('nothing to write')
    await expect(access(data)).rejects.toThrow('ENOENT')
  })

  test.each([[['create']], [['create', 'Not a name']], [['chekc']]])(
    'explains itself when it is called with %s',
    async (args) => {
      const { code, stderr } = await run('migrate', args)
      expect(code).toBe(2)
      expect(stderr).toContain('Usage:')
    },
  )
})

describe('npm run keys', () => {
  const SECRET = 's'.repeat(32)
  const KEY = /^[\w-]{43}/
  const statesOf = ({ stdout }: { stdout: string }) =>
    stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/).at(-1))

  test('lists, rotates and replaces the keys of a given Postgres, with a given secret', async () => {
    const { url } = await createTestDatabase()
    const env = { DATABASE_URL: url, USERS_KEY_ENCRYPTION_SECRET: SECRET }
    const first = await run('keys', ['rotate'], env)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const [id] = KEY.exec(first.stdout)!
    const second = await run('keys', ['rotate'], env)
    expect(second.stdout).toContain(`${id} retires at `)
    const third = await run('keys', ['rotate'], env)
    expect(third).toMatchObject({ code: 1, stdout: '' })
    expect(third.stderr).toMatch(/^A rotation is under way: [\w-]{43} signs from 20.* UTC on\.$/m)
    const listed = await run('keys', ['list'], env)
    expect(statesOf(listed)).toEqual(['known to gateways, does not sign yet', 'signs new tokens'])
    expect(listed.stdout).toContain(id)

    const replaced = await run('keys', ['rotate', '--compromised'], env)
    expect(replaced.stdout).toContain(`${id} is deleted, its tokens are refused.`)
    expect(statesOf(await run('keys', ['list'], env))).toEqual(['signs new tokens'])
    await expect(access(data)).rejects.toThrow('ENOENT')
  })

  test('works beside a Cinegraph that runs on the data folder, with its database and its secrets', async () => {
    const { url } = await createTestDatabase()
    const lock = await lockDataFolder(data)
    await lock.announce({ url: 'http://127.0.0.1:4000/graphql', databaseUrl: url })
    const { usersKeyEncryptionSecret } = await loadSecrets(data)
    expect((await run('keys', ['rotate'])).code).toBe(0)
    const env = { DATABASE_URL: url, USERS_KEY_ENCRYPTION_SECRET: usersKeyEncryptionSecret }
    expect((await run('keys', ['rotate'], env)).code).toBe(0)
    await lock.release()
  })

  test('names the setting when the secret is another one, and encrypts the keys under it when told to', async () => {
    const { url } = await createTestDatabase()
    const env = { DATABASE_URL: url, USERS_KEY_ENCRYPTION_SECRET: SECRET }
    await run('keys', ['rotate'], env)
    const other = { ...env, USERS_KEY_ENCRYPTION_SECRET: 'o'.repeat(32) }
    const refused = await run('keys', ['rotate'], other)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('USERS_KEY_ENCRYPTION_SECRET: does not open the signing keys')
    const forgotten = await run('keys', ['reencrypt'], other)
    expect(forgotten.stderr).toContain('USERS_KEY_ENCRYPTION_SECRET_OLD: is required')
    const both = { ...other, USERS_KEY_ENCRYPTION_SECRET_OLD: SECRET }
    expect(await run('keys', ['reencrypt'], both)).toMatchObject({ code: 0 })
    expect((await run('keys', ['rotate'], other)).code).toBe(0)
    expect((await run('keys', ['rotate'], env)).code).toBe(1)
  })

  test.each([[[]], [['lits']], [['list', '--compromised']]])(
    'explains itself when it is called with %j',
    async (args) => {
      const { code, stderr } = await run('keys', args)
      expect(code).toBe(2)
      expect(stderr).toContain('Usage:')
    },
  )
})

describe('npm run create-superuser', () => {
  let url: string
  beforeEach(async () => {
    url = (await createTestDatabase()).url
  })
  const create = (args: readonly string[], password = 'correct horse battery') =>
    run('create-superuser', args, { DATABASE_URL: url, SUPERUSER_PASSWORD: password })
  const accounts = async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query<{ login: string; hash: string; roles: string[] }>(
      `SELECT login, password_hash AS hash, array_agg(name ORDER BY name) AS roles
       FROM users."user" LEFT JOIN users.user_role ON user_id = "user".id
       LEFT JOIN users.role ON role_id = role.id GROUP BY 1, 2`,
    )
    await client.end()
    return rows
  }

  const register = async (login: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(
      `INSERT INTO users."user" (id, login, login_key, email, updated_at)
       VALUES (gen_random_uuid(), $1, lower($1), 'who@example.org', now())`,
      [login],
    )
    await client.end()
  }

  test('makes an administrator once, and refuses another password later', async () => {
    expect(await create(['Ada'])).toEqual({
      code: 0,
      stdout: 'Made the account Ada with the roles user and admin.\n',
      stderr: '',
    })
    const made = await accounts()
    expect(made).toMatchObject([{ login: 'Ada', roles: ['admin', 'user'] }])
    expect(await create(['ada'])).toMatchObject({
      code: 0,
      stdout: 'Ada had the role admin already; the password stays as it was.\n',
    })
    const refused = await create(['ada'], 'another password')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('SUPERUSER_PASSWORD is not its password.')
    expect(await accounts()).toEqual(made)
  })

  test.each([[['ada']], [['--existing', 'ada']]])(
    'gives whoever registered the login first nothing: %j, with the password of the operator',
    async (args) => {
      await register('Ada')
      const { code, stderr } = await create(args)
      expect(code).toBe(1)
      expect(stderr).toContain('SUPERUSER_PASSWORD is not its password.')
      expect(await accounts()).toEqual([{ login: 'Ada', hash: null, roles: [null] }])
    },
  )

  test('says who has the login where nobody can be asked whether it is the right one', async () => {
    await register('Ada')
    const { code, stderr } = await run('create-superuser', ['ada'], { DATABASE_URL: url })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^There is an account Ada already: [\da-f-]{36}, made 20.*Z, who@example.org \(not confirmed\)\.$/m,
    )
    expect(stderr).toContain('Say --existing')
    expect(await accounts()).toEqual([{ login: 'Ada', hash: null, roles: [null] }])
  })

  test('gives an account that exists the role when told that it is the right one', async () => {
    await register('Ada')
    const existing = ['--existing', 'ada']
    const { code, stdout } = await run('create-superuser', existing, { DATABASE_URL: url })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Ada has the role admin now; the password stays as it was.\n',
    })
    expect(await accounts()).toEqual([{ login: 'Ada', hash: null, roles: ['admin'] }])
  })

  test.each([
    ['password1', 'Choose another password. It is one of the passwords that are used'],
    ['AdaLovelace', 'Choose another password. It is the login,'],
    ['short', 'password: must have at least 8 characters'],
    ['', 'SUPERUSER_PASSWORD: is required where nobody can be asked'],
  ])('makes no account with the password "%s"', async (password, words) => {
    const { code, stderr } = await create(['adalovelace'], password)
    expect(code).toBe(1)
    expect(stderr).toContain(words)
    expect(await accounts()).toEqual([])
  })

  test('refuses what is no login', async () => {
    const { code, stderr } = await create(['a b'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^LOGIN: may hold Latin letters, digits/)
  })

  test.each([[[]], [['ada', 'grace']], [['--help']], [['--existing']]])(
    'explains itself when it is called with %s',
    async (args) => {
      const { code, stderr } = await create(args)
      expect(code).toBe(2)
      expect(stderr).toContain('Usage:')
    },
  )

  test('says what to do when the database was not migrated', async () => {
    url = (await createTestDatabase({ empty: true })).url
    const { code, stderr } = await create(['ada'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'DATABASE_URL: the database has no schema users: run `npm run migrate`',
    )
  })
})

describe('npm run reset', () => {
  test('deletes the data, and says so when there is none', async () => {
    await run('migrate', [])
    expect(await run('reset', ['--yes'])).toMatchObject({ code: 0, stdout: `Deleted ${data}.\n` })
    await expect(access(data)).rejects.toThrow('ENOENT')
    expect(await run('reset', ['--yes'])).toMatchObject({
      code: 0,
      stdout: `There is no ${data}.\n`,
    })
  })

  test('leaves what Cinegraph did not make', async () => {
    await run('migrate', [])
    await writeFile(path.join(data, 'notes.txt'), 'mine')
    const { code, stdout } = await run('reset', ['--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('left what Cinegraph did not make: notes.txt')
    expect(await readdir(data)).toEqual(['notes.txt'])
  })

  test('deletes nothing where nobody can be asked', async () => {
    await run('migrate', [])
    expect((await run('reset', [])).code).toBe(1)
    await access(path.join(data, 'postgres'))
  })

  test('deletes nothing while Cinegraph runs on it, and says where', async () => {
    const lock = await lockDataFolder(data)
    await lock.announce({ url: 'http://127.0.0.1:4000/graphql' })
    const { code, stderr } = await run('reset', ['--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain(`already runs on ${data}: it answers at http://127.0.0.1:4000/graphql`)
    await access(data)
  })
})
