import { createHash } from 'node:crypto'
import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { createService } from '@cinegraph/kit/lifecycle'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { createClock, startUsers, viewerOf } from '../start-users.js'
import { emailsOf, joinWithEmail, rowOf, tokenIn } from './email-client.js'

const clock = createClock()
const INVALID = { __typename: 'LinkInvalid', expired: false }

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let emails: ReturnType<typeof emailsOf>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres, { now: clock.now })
  emails = emailsOf(users)
})

/** Registers with an address, and the token that was sent there. */
async function registerWith(login: string, email = `${login}@example.org`) {
  const session = await users.register({ login, email })
  return { session, email, token: tokenIn(await users.mailbox.nextTo(email)) }
}

const addressOf = async (session: Parameters<typeof viewerOf>[0]) => {
  const query = '{ me { email emailVerified } }'
  const { data } = await users.run<{ me: unknown }>(query, {}, viewerOf(session))
  return data?.me
}

describe('a registration with an address', () => {
  it('sends a link that confirms it, whoever opens it', async () => {
    const { session, email, token } = await registerWith('varda', 'Agnes.Varda@Example.ORG')
    expect(await addressOf(session)).toEqual({ email, emailVerified: false })
    expect(await emails.confirm.answer({ token })).toEqual({ __typename: 'EmailConfirmed', email })
    expect(await addressOf(session)).toEqual({ email, emailVerified: true })
    expect((await rowOf(postgres, session)).verifiedEmail).toBe('agnes.varda@example.org')
  })

  it('writes in the language that was asked for', async () => {
    const register = `mutation ($input: RegisterInput!) {
      register(input: $input, language: RU) { __typename }
    }`
    const input = { login: 'guy', password: 'a long way home', email: 'guy@example.org' }
    await users.run(register, { input })
    const mail = await users.mailbox.nextTo('guy@example.org')
    expect(mail.subject).toBe('Подтвердите адрес почты')
    expect(mail.text).toContain('для учётной записи в Cinegraph')
  })

  it('tells an address that may be a stranger’s nothing that the sender chose', async () => {
    const email = 'stranger@example.org'
    const names = { firstName: 'win.example', lastName: 'prize.example' }
    await users.register({ login: 'www.evil-prize.example', email, ...names })
    const { subject, text } = await users.mailbox.nextTo(email)
    expect(subject + text).not.toMatch(/prize|win\.example/)
  })

  it('keeps the token as its SHA-256 only', async () => {
    const { session, token } = await registerWith('reiniger')
    const rows = await postgres.prisma.emailToken.findMany({ where: { userId: session.user.id } })
    const hash = new Uint8Array(createHash('sha256').update(token).digest())
    expect(rows.map((row) => row.hash)).toEqual([hash])
    expect(JSON.stringify(users.lines)).not.toContain(token)
  })

  it('may be made by many with one address: who confirms it first has it', async () => {
    const first = await registerWith('first', 'shared@example.org')
    const second = await registerWith('second', 'SHARED@example.org')
    const [one, other] = await Promise.all(
      [first, second].map(({ token }) => emails.confirm.answer({ token })),
    )
    expect([one?.__typename, other?.__typename].sort()).toEqual(['EmailConfirmed', 'EmailTaken'])
    const verified = await Promise.all(
      [first, second].map(async ({ session }) => (await rowOf(postgres, session)).verifiedEmail),
    )
    expect(verified.filter((it) => it !== null)).toEqual(['shared@example.org'])
  })
})

describe('the link', () => {
  it('counts once, also when a hundred open it at the same moment', async () => {
    const { token } = await registerWith('deren')
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => emails.confirm.answer({ token })),
    )
    const confirmed = outcomes.filter(({ __typename }) => __typename === 'EmailConfirmed')
    expect(confirmed).toHaveLength(1)
    expect(outcomes.filter((it) => !confirmed.includes(it))).toEqual(Array(99).fill(INVALID))
  })

  it('lives for 24 hours', async () => {
    const early = await registerWith('weber')
    const late = await registerWith('dulac')
    clock.advance({ seconds: 24 * 3600 - 1 })
    expect(await emails.confirm.answer({ token: early.token })).toMatchObject({
      __typename: 'EmailConfirmed',
    })
    clock.advance({ seconds: 1 })
    expect(await emails.confirm.answer({ token: late.token })).toEqual({
      __typename: 'LinkInvalid',
      expired: true,
    })
    expect(await addressOf(late.session)).toMatchObject({ emailVerified: false })
  })

  it('is worth nothing once another was sent', async () => {
    const { session, email, token } = await registerWith('akerman')
    const sent = await emails.resend.answer({}, viewerOf(session))
    const expiresAt = new Date(clock.now().getTime() + 24 * 3_600_000).toISOString()
    expect(sent).toEqual({ email, expiresAt })
    const newest = tokenIn(await users.mailbox.nextTo(email))
    expect(await emails.confirm.answer({ token })).toEqual(INVALID)
    expect(await emails.confirm.answer({ token: newest })).toMatchObject({ email })
  })

  it('goes with its account', async () => {
    const { session, token } = await registerWith('gone')
    await postgres.prisma.user.delete({ where: { id: session.user.id } })
    expect(await emails.confirm.answer({ token })).toEqual(INVALID)
  })

  it.each(['', 'x', 'A'.repeat(43), '\0', 'Я'.repeat(10_000)])(
    'that never was is invalid: %#',
    async (token) => {
      expect(await emails.confirm.answer({ token })).toEqual(INVALID)
    },
  )

  it('to reset a password confirms no address', async () => {
    const { email } = await joinWithEmail(users, 'arzner')
    await emails.requestReset.answer({ email })
    const token = tokenIn(await users.mailbox.nextTo(email))
    expect(await emails.confirm.answer({ token })).toEqual(INVALID)
  })
})

describe('another mail', () => {
  it('is for people who are logged in', async () => {
    const { extensions } = await emails.resend.error({})
    expect(extensions.code).toBe('UNAUTHENTICATED')
  })

  it('is not for an account that is gone', async () => {
    const { extensions } = await emails.resend.error({}, asUser())
    expect(extensions.code).toBe('UNAUTHENTICATED')
  })

  it('needs an address', async () => {
    const session = await users.register({ login: 'without' })
    const { extensions } = await emails.resend.error({}, viewerOf(session))
    expect(extensions.code).toBe('CONFLICT')
  })

  it('says when the server takes no mail for the address', async () => {
    const session = await users.register({ login: 'refused', email: 'refused@example.org' })
    const mailer: Mailer = { ...createService({ name: 'mailer' }), send: async () => 'refused' }
    const refusing = emailsOf(await startUsers(postgres, { mailer }))
    const { extensions } = await refusing.resend.error({}, viewerOf(session))
    expect(extensions.code).toBe('CONFLICT')
  })

  it('is not needed once the address is confirmed', async () => {
    const { viewer } = await joinWithEmail(users, 'lupino')
    expect((await emails.resend.error({}, viewer)).extensions.code).toBe('CONFLICT')
  })

  it('tells only who reads it that another account has the address', async () => {
    const { email } = await joinWithEmail(users, 'chytilova')
    const later = await users.register({ login: 'later', email })
    const first = await users.mailbox.nextTo(email)
    await emails.resend.answer({ language: 'RU' }, viewerOf(later))
    const second = await users.mailbox.nextTo(email)
    expect(first.subject).toBe('Your email address was given once more')
    expect(second.subject).toBe('Ваш адрес почты указали ещё раз')
    for (const mail of [first, second]) expect(() => tokenIn(mail)).toThrow(/no token/)
  })

  it('is not sent to one address without end, whoever asks', async () => {
    const { session, email } = await registerWith('many')
    const others = ['many-2', 'many-3', 'many-4', 'many-5']
    for (const login of others) await users.register({ login, email: email.toUpperCase() })
    const { extensions } = await emails.resend.error({}, viewerOf(session))
    expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 })
    const sixth = await users.register({ login: 'many-6', email })
    expect(sixth.user.login).toBe('many-6')
  })
})
