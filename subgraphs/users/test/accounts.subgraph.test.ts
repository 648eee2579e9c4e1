import { asUser } from '@cinegraph/testkit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, startUsers, viewerOf } from './start-users.js'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
})

describe('register', () => {
  it('makes an account with the role user and logs it in', async () => {
    const session = await users.register({
      login: 'Murnau',
      email: 'murnau@example.org',
      firstName: 'Friedrich',
      lastName: 'Murnau',
    })
    expect(session.__typename).toBe('Session')
    expect(session.user).toMatchObject({
      login: 'Murnau',
      email: 'murnau@example.org',
      firstName: 'Friedrich',
      lastName: 'Murnau',
      roles: ['user'],
    })
    expect(await users.me(viewerOf(session))).toEqual(session.user)
  })

  it('needs no more than a login and a password', async () => {
    const { user } = await users.register({ login: 'lang' })
    expect(user).toMatchObject({ login: 'lang', email: null, firstName: null, lastName: null })
  })

  it('says when the login is taken, in whatever case', async () => {
    await users.register({ login: 'Dreyer' })
    expect(await users.register({ login: 'dREYER' })).toEqual({
      __typename: 'LoginTaken',
      login: 'dREYER',
    })
  })

  it('refuses a login that would pass for whoever runs the service', async () => {
    const { extensions } = await users.registerError({ login: 'Sup.Port' })
    expect(extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: ['input', 'login'],
    })
  })

  it('gives a login to one of many who want it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => users.register({ login: i % 2 ? 'Keaton' : 'keaton' })),
    )
    const types = answers.map((it) => it.__typename).sort()
    expect(types).toEqual([...Array<string>(19).fill('LoginTaken'), 'Session'])
  })

  it('does not tell whether an email address is in use', async () => {
    const email = 'shared@example.org'
    expect(await users.register({ login: 'first', email })).toMatchObject({ __typename: 'Session' })
    expect(await users.register({ login: 'second', email })).toMatchObject({ user: { email } })
  })

  it.each([
    ['password', 'COMMON'],
    ['Gunning.Tom', 'PERSONAL'],
  ])('refuses the password %s as %s and makes no account', async (password, reason) => {
    const answer = await users.register({ login: 'gunning.tom', password })
    expect(answer).toEqual({ __typename: 'WeakPassword', reason })
    expect(await postgres.prisma.user.count({ where: { loginKey: 'gunning.tom' } })).toBe(0)
  })

  it.each([
    ['login', 'ab', 'must have at least 3 characters'],
    ['login', 'ann lee', 'may hold Latin letters'],
    ['password', 'short', 'must have at least 8 characters'],
    ['email', 'nowhere', 'is not an email address'],
    ['firstName', 'x'.repeat(101), 'must have at most 100 characters'],
    ['lastName', 'x'.repeat(101), 'must have at most 100 characters'],
    ['firstName', 'a\0b', 'may not hold control characters'],
    ['lastName', 'line\nbreak', 'may not hold control characters'],
    ['firstName', 'gpj.\u202Eexe', 'may not hold control characters'],
    ['lastName', 'not\u200Bseen', 'may not hold control characters'],
    ['email', 'a\0@example.org', 'is not an email address'],
    ['login', 'vi\0ctim', 'may hold Latin letters'],
  ])('refuses a bad %s and names the argument', async (field, value, message) => {
    const error = await users.registerError({ login: 'valid', [field]: value })
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['input', field] })
    expect(error.message).toContain(message)
  })

  it('stores an argon2id hash and nowhere the password', async () => {
    const { user } = await users.register({ login: 'vertov' })
    const row = await postgres.prisma.user.findUniqueOrThrow({ where: { id: user.id } })
    expect(row.passwordHash).toMatch(/^\$argon2id\$/)
    expect(JSON.stringify([row, users.lines])).not.toContain(PASSWORD)
  })
})

describe('me', () => {
  it('is null while nobody is logged in', async () => {
    expect(await users.me()).toBeNull()
  })

  it('is null for an account that is gone', async () => {
    expect(await users.me(asUser())).toBeNull()
  })
})

describe('ensure', () => {
  const account = { login: 'operator', password: PASSWORD, roles: ['user', 'admin'] }

  it('makes an account once and adds what roles are missing', async () => {
    const first = await users.accounts.ensure(account)
    const roles = ['subscriber', 'editor', 'editor']
    const again = await users.accounts.ensure({ ...account, login: 'OPERATOR', roles })
    expect([first.created, again.created]).toEqual([true, false])
    expect(again.id).toBe(first.id)
    const session = await users.logIn('operator')
    expect(session.user.roles).toEqual(['admin', 'editor', 'subscriber', 'user'])
  })

  it('leaves the password of an existing account alone', async () => {
    await users.accounts.ensure({ ...account, login: 'keeper' })
    await users.accounts.ensure({ ...account, login: 'keeper', password: 'another password' })
    expect(await users.logIn('keeper')).toMatchObject({ user: { login: 'keeper' } })
  })

  it('makes one account however many ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => users.accounts.ensure({ ...account, login: 'racer' })),
    )
    expect(answers.filter((it) => it.created)).toHaveLength(1)
    expect(new Set(answers.map((it) => it.id)).size).toBe(1)
  })

  it('refuses a role that does not exist, before it makes the account', async () => {
    const wrong = { ...account, login: 'nobody', roles: ['user', 'emperor'] }
    await expect(users.accounts.ensure(wrong)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'There is no role emperor.',
    })
    expect(await postgres.prisma.user.count({ where: { loginKey: 'nobody' } })).toBe(0)
  })
})
