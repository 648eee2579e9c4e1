import { randomBytes } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { systemClock } from '@cinegraph/kit/clock'
import type { Viewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData, expectError } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  administrationOf,
  isAccepted,
  itOf,
  join,
  leaveTraces,
  refusalOf,
  tracesOf,
} from './administration.js'
import { AccountRepository } from '../src/accounts/account.repository.js'
import { AccountService } from '../src/accounts/account.service.js'
import { createPasswordHasher } from '../src/accounts/password-hasher.js'
import { PASSWORD, settings, startUsers } from './start-users.js'

const NEW_PASSWORD = 'staple and more horses'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let admin: ReturnType<typeof administrationOf>
let accounts: AccountService

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
  admin = administrationOf(users)
  const hasher = createPasswordHasher(settings.passwordHash)
  accounts = new AccountService(new AccountRepository(postgres.prisma), hasher, systemClock)
})

const UPDATE = `mutation ($input: UpdateProfileInput!) {
  it: updateProfile(input: $input) { firstName lastName }
}`
const CHANGE_LOGIN = `mutation ($newLogin: String!, $password: String) {
  it: changeLogin(newLogin: $newLogin, password: $password) {
    __typename
    ... on User { id login }
    ... on LoginTaken { taken: login }
  }
}`
const CHANGE_PASSWORD = `mutation ($oldPassword: String, $newPassword: String!) {
  it: changePassword(oldPassword: $oldPassword, newPassword: $newPassword) {
    __typename
    ... on User { login hasPassword }
    ... on WeakPassword { reason }
  }
}`

const ask = (query: string, viewer: Viewer, variables: Record<string, unknown>) =>
  users.run<{ it: unknown }>(query, variables, viewer)
const changePassword = (viewer: Viewer, variables: Record<string, unknown>) =>
  ask(CHANGE_PASSWORD, viewer, { oldPassword: PASSWORD, newPassword: NEW_PASSWORD, ...variables })
const changeLogin = (viewer: Viewer, newLogin: string, password = PASSWORD) =>
  ask(CHANGE_LOGIN, viewer, { newLogin, password })

describe('updateProfile', () => {
  it('changes what is given and leaves the rest', async () => {
    const { viewer } = await join(users, 'profile')
    const update = (input: Record<string, unknown>) => itOf(ask(UPDATE, viewer, { input }))
    expect(await update({ firstName: ' Carl ', lastName: 'Dreyer' })).toEqual({
      firstName: 'Carl',
      lastName: 'Dreyer',
    })
    expect(await update({ firstName: 'Theodor' })).toEqual({
      firstName: 'Theodor',
      lastName: 'Dreyer',
    })
    expect(await update({ lastName: null })).toEqual({ firstName: 'Theodor', lastName: null })
    expect(await update({})).toEqual({ firstName: 'Theodor', lastName: null })
    expect(await update({ firstName: ' ' })).toEqual({ firstName: null, lastName: null })
  })

  it('names everything that is wrong', async () => {
    const input = { firstName: 'x'.repeat(101), lastName: 'a\nb' }
    const error = await refusalOf(ask(UPDATE, (await join(users, 'wrong')).viewer, { input }))
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [
        { argument: ['input', 'firstName'], message: 'must have at most 100 characters' },
        { argument: ['input', 'lastName'], message: 'may not hold control characters' },
      ],
    })
  })

  it('is refused to an account that is gone', async () => {
    expect(await refusalOf(ask(UPDATE, asUser(), { input: {} }))).toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })
})

describe('changeLogin', () => {
  it('changes the login, its case alone too, and frees the old one', async () => {
    const { id, viewer, refreshToken } = await join(users, 'before')
    expect(await itOf(changeLogin(viewer, 'After'))).toEqual({
      __typename: 'User',
      id,
      login: 'After',
    })
    expect(await itOf(changeLogin(viewer, 'AFTER'))).toMatchObject({ login: 'AFTER' })
    expect(await users.logIn('after')).toMatchObject({ user: { id } })
    expect(await users.register({ login: 'before' })).toMatchObject({ __typename: 'Session' })
    expect(await users.tryRefresh(refreshToken)).not.toBeNull()
  })

  it('says when somebody else has it', async () => {
    await join(users, 'Taken')
    const { viewer } = await join(users, 'wants')
    const answer = await itOf(changeLogin(viewer, 'tAKEN'))
    expect(answer).toEqual({ __typename: 'LoginTaken', taken: 'tAKEN' })
  })

  it('gives a login to one of many who want it at once', async () => {
    const many = await Promise.all(Array.from({ length: 10 }, (_, i) => join(users, `many${i}`)))
    const answers = await Promise.all(
      many.map(({ viewer }) => itOf<{ __typename: string }>(changeLogin(viewer, 'one-of-many'))),
    )
    expect(answers.filter((it) => it.__typename === 'User')).toHaveLength(1)
  })

  it('needs the password, and a login that can be one', async () => {
    const { viewer } = await join(users, 'strict')
    expect(await refusalOf(changeLogin(viewer, 'other', 'wrong password'))).toMatchObject({
      code: 'FORBIDDEN',
    })
    for (const login of ['o t', 'Support']) {
      expect(await refusalOf(changeLogin(viewer, login))).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: ['newLogin'],
      })
    }
    expect(await users.me(viewer)).toMatchObject({ login: 'strict' })
  })
})

describe('changePassword', () => {
  it('leaves links to reset the password, which are how the owner of the address gets back', async () => {
    const { viewer, id } = await join(users, 'linked')
    const link = (purpose: 'CONFIRM_EMAIL' | 'RESET_PASSWORD') => ({
      ...{ hash: randomBytes(32), userId: id, purpose, email: 'linked@example.org' },
      expiresAt: new Date(Date.now() + 3_600_000),
    })
    await postgres.prisma.emailToken.createMany({
      data: [link('CONFIRM_EMAIL'), link('RESET_PASSWORD')],
    })
    await itOf(changePassword(viewer, {}))
    const left = await postgres.prisma.emailToken.findMany({ where: { userId: id } })
    expect(left.map(({ purpose }) => purpose)).toEqual(['RESET_PASSWORD'])
  })

  it('is limited: five times, then after a while', async () => {
    const { viewer } = await join(users, 'restless')
    const passwords = [PASSWORD, ...Array.from({ length: 6 }, (_, n) => `restless and more ${n}`)]
    const change = (n: number) =>
      changePassword(viewer, { oldPassword: passwords[n], newPassword: passwords[n + 1] })
    for (let n = 0; n < 5; n++) await itOf(change(n))
    expect(await refusalOf(change(5))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 900,
    })
    await users.logIn('restless', passwords[5])
  })

  it('changes it, ends the other sessions at once and leaves the own one', async () => {
    const own = await join(users, 'changer')
    const other = await users.logIn('changer')
    expect(await itOf(changePassword(own.viewer, {}))).toEqual({
      __typename: 'User',
      login: 'changer',
      hasPassword: true,
    })
    expect((await users.logInError('changer')).extensions.code).toBe('UNAUTHENTICATED')
    expect(await users.logIn('changer', NEW_PASSWORD)).toMatchObject({ user: { id: own.id } })
    expect(await isAccepted(postgres, other.accessToken)).toBe(false)
    expect(await users.tryRefresh(other.refreshToken)).toBeNull()
    expect(await isAccepted(postgres, own.accessToken)).toBe(true)
    expect(await users.tryRefresh(own.refreshToken)).not.toBeNull()
  })

  it('refuses a wrong old password and leaves everything as it is', async () => {
    const own = await join(users, 'guesser')
    const other = await users.logIn('guesser')
    const wrong = { oldPassword: 'wrong password' }
    expect(await refusalOf(changePassword(own.viewer, wrong))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await isAccepted(postgres, other.accessToken)).toBe(true)
    expect(await users.logIn('guesser')).toMatchObject({ user: { id: own.id } })
  })

  it.each([
    ['password1', 'COMMON'],
    ['weakling', 'PERSONAL'],
  ])('refuses %s as %s', async (newPassword, reason) => {
    const { viewer } = await join(users, 'weakling')
    const answer = await itOf(changePassword(viewer, { newPassword }))
    expect(answer).toEqual({ __typename: 'WeakPassword', reason })
    expect(await users.logIn('weakling')).toMatchObject({ user: { login: 'weakling' } })
  })

  it('names the argument that is no password', async () => {
    const { viewer } = await join(users, 'shorty')
    const error = await refusalOf(changePassword(viewer, { newPassword: 'short' }))
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['newPassword'] })
  })

  it('gives an account of a social sign-in its first password', async () => {
    const identity = { provider: 'GOOGLE', subject: '1', email: null, displayName: null } as const
    const person = { email: null, firstName: null, lastName: null }
    const { id, login } = (await accounts.createSocial(person, identity))!
    const { id: sessionId } = await postgres.prisma.session.create({
      data: { id: crypto.randomUUID(), userId: id },
    })
    const viewer = asUser({ id, sessionId })
    expect(await itOf(changePassword(viewer, { oldPassword: null }))).toMatchObject({
      hasPassword: true,
    })
    expect(await users.logIn(login, NEW_PASSWORD)).toMatchObject({ user: { id } })
  })
})

describe('deleteMyAccount', () => {
  it('ends everything at once and leaves nothing of the person', async () => {
    const { id, viewer, accessToken, refreshToken } = await join(users, 'leaver')
    await leaveTraces(postgres, id)
    expect(await tracesOf(postgres, id)).toEqual([
      'email_token',
      'login_attempt',
      'session',
      'social_account',
      'social_flow',
      'social_link_offer',
      'user_role',
    ])
    expect(await itOf(admin.deleteMyAccount(viewer, { password: PASSWORD }))).toBe(id)
    expect(await isAccepted(postgres, accessToken)).toBe(false)
    expect(await users.tryRefresh(refreshToken)).toBeNull()
    expect(await users.me(viewer)).toBeNull()
    // what gateways refuse is no trace of a person
    expect(await tracesOf(postgres, id)).toEqual(['revocation'])
    expect(await users.register({ login: 'leaver' })).toMatchObject({ __typename: 'Session' })
  })

  it('needs the password', async () => {
    const { viewer } = await join(users, 'stayer')
    for (const password of ['wrong password', null]) {
      expect(await refusalOf(admin.deleteMyAccount(viewer, { password }))).toMatchObject({
        code: 'FORBIDDEN',
      })
    }
    expect(await users.me(viewer)).toMatchObject({ login: 'stayer' })
  })
})

it.each([
  ['updateProfile(input: {}) { id }'],
  ['changeLogin(newLogin: "other") { __typename }'],
  ['changePassword(newPassword: "correct horse") { __typename }'],
  ['deleteMyAccount'],
])('%s is for who is logged in', async (field) => {
  const answer = await users.run(`mutation { ${field} }`, {}, ANONYMOUS)
  expect(expectError(answer).extensions.code).toBe('UNAUTHENTICATED')
})

describe('what of an account is private', () => {
  const FIELDS = 'emailVerified hasPassword blockedAt blockedReason'
  const me = async (viewer: Viewer) =>
    expectData(await users.run<{ me: unknown }>(`{ me { ${FIELDS} } }`, {}, viewer)).me

  it('is told to its owner', async () => {
    const { viewer } = await join(users, 'private')
    expect(await me(viewer)).toEqual({
      emailVerified: false,
      hasPassword: true,
      blockedAt: null,
      blockedReason: null,
    })
  })

  it('tells of an address whether its owner confirmed it, whatever its case', async () => {
    const { user } = await users.register({ login: 'verified', email: 'Verified@Example.org' })
    const viewer = asUser({ id: user.id })
    expect(await me(viewer)).toMatchObject({ emailVerified: false })
    await postgres.prisma.user.update({
      where: { id: user.id },
      data: { verifiedEmail: 'verified@example.org' },
    })
    expect(await me(viewer)).toMatchObject({ emailVerified: true })
    await postgres.prisma.user.update({ where: { id: user.id }, data: { email: 'a@b.org' } })
    expect(await me(viewer)).toMatchObject({ emailVerified: false })
  })
})

describe('an account of a social sign-in', () => {
  const person = { email: 'Social@Example.org', firstName: 'Ann', lastName: null }
  const identityOf = (subject: string) =>
    ({ provider: 'YANDEX', subject, email: person.email, displayName: 'Ann' }) as const

  it('has a login that tells nothing, a confirmed address and no password', async () => {
    const account = await accounts.createSocial(person, identityOf('ann'))
    expect(account).toMatchObject({
      login: expect.stringMatching(/^user-\d+$/) as string,
      email: 'Social@Example.org',
      emailVerified: true,
      hasPassword: false,
      roles: ['user'],
    })
    const linked = await postgres.prisma.socialAccount.findMany({ where: { subject: 'ann' } })
    expect(linked).toMatchObject([{ userId: account?.id, displayName: 'Ann' }])
  })

  it('is not made for an address or a person that somebody has', async () => {
    const count = await postgres.prisma.user.count()
    expect(await accounts.createSocial(person, identityOf('another'))).toBeUndefined()
    const nameless = { ...person, email: null }
    expect(await accounts.createSocial(nameless, identityOf('ann'))).toBeUndefined()
    expect(await postgres.prisma.user.count()).toBe(count)
  })
})
