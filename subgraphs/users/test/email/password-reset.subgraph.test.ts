import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'
import { createClock, PASSWORD, settings, startUsers } from '../start-users.js'
import { emailsOf, joinWithEmail, rowOf, tokenIn } from './email-client.js'

const NEW_PASSWORD = 'staple and more horses'
const INVALID = { __typename: 'LinkInvalid', expired: false }
const clock = createClock()

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let emails: ReturnType<typeof emailsOf>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres, { now: clock.now })
  emails = emailsOf(users)
})

/** A person with a confirmed address who was sent a link. */
async function forget(login: string) {
  const joined = await joinWithEmail(users, login)
  return { ...joined, token: await tokenSentTo(joined.email) }
}

async function tokenSentTo(email: string): Promise<string> {
  await emails.requestReset.answer({ email })
  return tokenIn(await users.mailbox.nextTo(email))
}

const reset = (token: string, newPassword = NEW_PASSWORD) =>
  emails.reset.answer({ token, newPassword })

describe('requestPasswordReset', () => {
  it('sends a link to a confirmed address, in any case of it', async () => {
    const { email } = await joinWithEmail(users, 'murnau')
    await emails.requestReset.answer({ email: ' MURNAU@example.org ', language: 'RU' })
    const mail = await users.mailbox.nextTo(email)
    expect(mail.subject).toBe('Сброс пароля')
    expect(mail.text).toContain('murnau')
    expect(tokenIn(mail)).toHaveLength(43)
  })

  it('sends nothing to an address that nobody has confirmed', async () => {
    const other = await startUsers(postgres)
    const email = 'unconfirmed@example.org'
    await other.register({ login: 'wiene', email })
    await other.mailbox.nextTo(email)
    const { requestReset } = emailsOf(other)
    expect(await requestReset.answer({ email })).toBe(true)
    expect(await requestReset.answer({ email: 'nobody@example.org' })).toBe(true)
    await other.subgraph.stop(AbortSignal.timeout(10_000))
    expect(await other.mailbox.mailTo(email)).toHaveLength(1)
    expect(await other.mailbox.mailTo('nobody@example.org')).toEqual([])
  })

  it('answers before it looks whether there is an account', async () => {
    const { email } = await joinWithEmail(users, 'leni')
    const client = await postgres.pool.connect()
    try {
      await client.query('BEGIN')
      await client.query('LOCK TABLE users."user", users.email_token IN ACCESS EXCLUSIVE MODE')
      expect(await emails.requestReset.answer({ email })).toBe(true)
      expect(await emails.requestReset.answer({ email: 'stranger@example.org' })).toBe(true)
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
    expect(tokenIn(await users.mailbox.nextTo(email))).toHaveLength(43)
  })

  it('refuses what is no address', async () => {
    const { extensions } = await emails.requestReset.error({ email: 'a, b@example.org' })
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['email'] })
  })

  it('is limited for each address of mail, known or not, in the same words', async () => {
    const { email } = await joinWithEmail(users, 'pabst')
    const refusalOf = async (asked: string, before: number) => {
      for (let time = before; time < 5; time++) await emails.requestReset.answer({ email: asked })
      const { message, extensions } = await emails.requestReset.error({ email: asked })
      return { message, code: extensions.code }
    }
    // the link that confirmed it was the first mail
    const known = await refusalOf(email, 1)
    expect(known.code).toBe('RATE_LIMITED')
    expect(await refusalOf('unknown@example.org', 0)).toEqual(known)
  })

  it('is limited for each mailbox, whatever is added to its name', async () => {
    const { email } = await joinWithEmail(users, 'pick')
    const named = (tag: number) => ({ email: email.replace('@', `+${tag}@`) })
    for (let tag = 1; tag < 5; tag++) await emails.requestReset.answer(named(tag))
    expect((await emails.requestReset.error(named(5))).extensions.code).toBe('RATE_LIMITED')
  })

  it('is limited for each address of a client', async () => {
    const { requestReset } = emailsOf(users.from('192.0.2.7'))
    for (let time = 0; time < 20; time++) {
      await requestReset.answer({ email: `guess-${time}@example.org` })
    }
    const { extensions } = await requestReset.error({ email: 'guess-20@example.org' })
    expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 10 })
    const elsewhere = emailsOf(users.from('192.0.2.8'))
    expect(await elsewhere.requestReset.answer({ email: 'guess-20@example.org' })).toBe(true)
  })
})

describe('resetPassword', () => {
  it('sets the password, and tells the owner', async () => {
    const { token, email } = await forget('lang')
    expect(await reset(token)).toEqual({
      __typename: 'PasswordReset',
      login: 'lang',
      unlinkedSocialAccounts: 0,
    })
    expect((await users.logInError('lang')).extensions.code).toBe('UNAUTHENTICATED')
    await users.logIn('lang', NEW_PASSWORD)
    expect((await users.mailbox.nextTo(email)).subject).toBe('Your password was reset')
  })

  it('lets the owner in at once, however often others guessed', async () => {
    const { token } = await forget('pommer')
    for (let i = 0; i < settings.attempts.logIn.account.free; i++) {
      await users.logInError('pommer', 'not the password')
    }
    expect((await users.logInError('pommer')).extensions.code).toBe('RATE_LIMITED')
    await reset(token)
    await users.logIn('pommer', NEW_PASSWORD)
  })

  it('ends all sessions, and their access tokens are refused', async () => {
    const { session, token } = await forget('lubitsch')
    const second = await users.logIn('lubitsch')
    const before = await rowOf(postgres, session)
    await reset(token)
    for (const { refreshToken } of [session, second]) {
      expect(await users.tryRefresh(refreshToken)).toBeNull()
    }
    const generation = before.tokenGeneration + 1
    expect((await rowOf(postgres, session)).tokenGeneration).toBe(generation)
    const revocations = await postgres.prisma.revocation.findMany({
      where: { userId: session.user.id },
    })
    const expiresAt = new Date(clock.now().getTime() + 660_000)
    expect(revocations).toMatchObject([{ generation, expiresAt }])
  })

  it('gives a first password to an account without one', async () => {
    const { session, token } = await forget('sternberg')
    await postgres.prisma.user.update({
      where: { id: session.user.id },
      data: { passwordHash: null },
    })
    await reset(token)
    await users.logIn('sternberg', NEW_PASSWORD)
  })

  it.each([
    ['COMMON', 'password1'],
    ['PERSONAL', 'Stroheim-1'],
  ])('refuses a password that is %s, and the link still counts', async (reason, weak) => {
    const login = `stroheim-${reason === 'COMMON' ? '2' : '1'}`
    const { token } = await forget(login)
    expect(await reset(token, weak)).toEqual({ __typename: 'WeakPassword', reason })
    expect(await reset(token)).toMatchObject({ login })
  })

  it('refuses a password that is too short, and the link still counts', async () => {
    const { token } = await forget('vidor')
    const { extensions } = await emails.reset.error({ token, newPassword: 'short' })
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['newPassword'] })
    expect(await reset(token)).toMatchObject({ login: 'vidor' })
  })

  it('counts once, also when a hundred use the link at the same moment', async () => {
    const { session, token } = await forget('dreyer')
    const passwords = Array.from({ length: 100 }, (_, index) => `one of many horses ${index}`)
    const outcomes = await Promise.all(passwords.map((it) => reset(token, it)))
    const won = outcomes.findIndex(({ __typename }) => __typename === 'PasswordReset')
    expect(outcomes.filter((_, index) => index !== won)).toEqual(Array(99).fill(INVALID))
    await users.logIn('dreyer', passwords[won])
    expect((await rowOf(postgres, session)).tokenGeneration).toBe(1)
  })

  it('takes a link for one hour', async () => {
    const early = await forget('christensen')
    const late = await forget('sjostrom')
    clock.advance({ seconds: 3_599 })
    expect(await reset(early.token)).toMatchObject({ login: 'christensen' })
    clock.advance({ seconds: 1 })
    expect(await reset(late.token)).toEqual({ ...INVALID, expired: true })
    await users.logIn('sjostrom')
  })

  it('takes the newest link only', async () => {
    const { email, token } = await forget('stiller')
    const newest = await tokenSentTo(email)
    expect(await reset(token)).toEqual(INVALID)
    expect(await reset(newest)).toMatchObject({ login: 'stiller' })
  })

  it('stops a change of address that waits to be confirmed', async () => {
    const { viewer, email } = await joinWithEmail(users, 'gance')
    const newEmail = 'thief@example.org'
    await emails.change.answer({ newEmail, password: PASSWORD }, viewer)
    const thiefs = tokenIn(await users.mailbox.nextTo(newEmail))
    await users.mailbox.nextTo(email)
    await reset(await tokenSentTo(email))
    expect(await emails.confirm.answer({ token: thiefs })).toEqual(INVALID)
  })

  it('takes no link that confirms an address, and none that never was', async () => {
    const session = await users.register({ login: 'clair', email: 'clair@example.org' })
    const confirming = tokenIn(await users.mailbox.nextTo('clair@example.org'))
    for (const token of [confirming, '', 'x', session.accessToken]) {
      expect(await reset(token)).toEqual(INVALID)
    }
    await users.logIn('clair')
  })
})

describe('a password that its owner changes', () => {
  it('is told to the confirmed address, and leaves the link by which its reader gets the account back', async () => {
    const { viewer, email, token } = await forget('renoir')
    const change = `mutation ($old: String, $new: String!) {
      changePassword(oldPassword: $old, newPassword: $new, language: RU) { __typename }
    }`
    await users.run(change, { old: PASSWORD, new: NEW_PASSWORD }, viewer)
    expect((await users.mailbox.nextTo(email)).subject).toBe('Ваш пароль изменён')
    await reset(token, 'another horse altogether')
    await users.logIn('renoir', 'another horse altogether')
  })
})
