import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { until } from '@cinegraph/testkit/until'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { settings, startUsers } from './start-users.js'

/** Every argon2 computation, as operation and cost. Time would prove the same less surely. */
const work = vi.hoisted((): string[] => [])

vi.mock(import('@node-rs/argon2'), async (original) => {
  const argon2 = await original()
  const costOf = (hash: string) => /\$m=\d+,t=\d+,p=\d+\$/.exec(hash)![0]
  return {
    ...argon2,
    async hash(...args: Parameters<typeof argon2.hash>) {
      const hash = await argon2.hash(...args)
      work.push(`hash ${costOf(hash)}`)
      return hash
    },
    async verify(...args: Parameters<typeof argon2.verify>) {
      work.push(`verify ${costOf(String(args[0]))}`)
      return argon2.verify(...args)
    },
  }
})

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
})

const workOf = async (login: string): Promise<string[]> => {
  work.length = 0
  await users.logInError(login, 'not the password')
  return [...work]
}

it('an unknown login costs the same hash as a wrong password, also the very first one', async () => {
  await users.register({ login: 'known' })
  const first = await workOf('unknown')
  expect(first).toEqual(['hash $m=64,t=1,p=1$', 'verify $m=64,t=1,p=1$'])
  const later = await workOf('unknown')
  expect(later).toEqual(['verify $m=64,t=1,p=1$'])
  expect(await workOf('known')).toEqual(later)
})

it('no login that fails costs another hash than a wrong password: without password, blocked, impossible', async () => {
  const { user: social } = await users.register({ login: 'social' })
  const { user: blocked } = await users.register({ login: 'blocked' })
  const { user } = postgres.prisma
  await user.update({ where: { id: social.id }, data: { passwordHash: null } })
  await user.update({ where: { id: blocked.id }, data: { blockedAt: new Date() } })
  await workOf('unknown')
  for (const login of ['social', 'blocked', 'no login at all']) {
    expect(await workOf(login)).toEqual(['verify $m=64,t=1,p=1$'])
  }
})

describe('an answer to a login that fails', () => {
  const textsOf = (calls: readonly unknown[][]) =>
    calls.map(([it]) => (typeof it === 'string' ? it : (it as { text: string }).text))

  /** The statements on accounts until the answer is there; housekeeping and the history go on beside it. */
  const sqlOf = async (login: string) => {
    const query = vi.spyOn(postgres.pool, 'query')
    await users.logInError(login, 'not the password')
    const statements = textsOf(query.mock.calls)
    query.mockRestore()
    return statements.filter((sql) => sql.includes('"users"."user"'))
  }

  it('costs the same SQL whether the login is known or not', async () => {
    await users.register({ login: 'counted' })
    const known = []
    const unknown = []
    for (let i = 0; i < settings.attempts.logIn.account.free; i++) {
      known.push(await sqlOf('counted'))
      unknown.push(await sqlOf('uncounted'))
    }
    expect(known).toEqual(
      known.map(() => [expect.stringMatching(/^SELECT .* FROM "users"."user" WHERE/) as string]),
    )
    expect(unknown).toEqual(known)
  })

  it('is followed by the same statement for the history, which writes nothing for nobody', async () => {
    await users.register({ login: 'followed' })
    const historyOf = async (login: string) => {
      const query = vi.spyOn(postgres.pool, 'query')
      const sent = () => textsOf(query.mock.calls).filter((it) => it.includes('INTO users.login_'))
      await users.logInError(login, 'not the password')
      await until(() => sent().length === 1)
      await Promise.all(query.mock.results.map(({ value }) => value as unknown))
      const statements = sent()
      query.mockRestore()
      return statements
    }
    expect(await historyOf('unfollowed')).toEqual(await historyOf('followed'))
    const userId = { notIn: (await postgres.prisma.user.findMany()).map(({ id }) => id) }
    expect(await postgres.prisma.loginAttempt.count({ where: { userId } })).toBe(0)
  })

  it('does not wait for the history, which only known accounts have', async () => {
    const { user } = await users.register({ login: 'recorded' })
    const failures = () =>
      postgres.prisma.loginAttempt.count({ where: { userId: user.id, outcome: 'WRONG_PASSWORD' } })
    const other = await postgres.pool.connect()
    await other.query('BEGIN; LOCK TABLE users.login_attempt IN SHARE MODE')
    await users.logInError('recorded', 'not the password')
    expect(await failures()).toBe(0)
    await other.query('COMMIT')
    other.release()
    await until(async () => (await failures()) === 1)
  })
})

it.each(['guessed', 'guessed-but-unknown'])(
  'of a thousand guesses at once only the free ones are hashed: %s',
  async (login) => {
    users = await startUsers(postgres)
    if (login === 'guessed') await users.register({ login })
    work.length = 0
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => users.logInError(login, 'not the password')),
    )
    const free = settings.attempts.logIn.account.free
    expect(work.filter((it) => it.startsWith('verify'))).toHaveLength(free)
    const refused = answers.filter((it) => it.extensions.code === 'RATE_LIMITED')
    expect(refused).toHaveLength(1_000 - free)
    expect(await users.logInError(login)).toMatchObject({ extensions: { code: 'RATE_LIMITED' } })
  },
)

it('the first check of all costs the same when the login is known', async () => {
  users = await startUsers(await openTestPostgres())
  await users.register({ login: 'known-too' })
  expect(await workOf('known-too')).toEqual(['hash $m=64,t=1,p=1$', 'verify $m=64,t=1,p=1$'])
})
