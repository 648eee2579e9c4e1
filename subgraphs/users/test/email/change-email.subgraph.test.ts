import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { createService } from '@cinegraph/kit/lifecycle'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'
import { behindALock, ofAccount } from '../behind-a-lock.js'
import { createClock, PASSWORD, startUsers, viewerOf } from '../start-users.js'
import { emailsOf, joinWithEmail, rowOf, tokenIn } from './email-client.js'

const clock = createClock()

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let emails: ReturnType<typeof emailsOf>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres, { now: clock.now })
  emails = emailsOf(users)
})

const confirm = (token: string) => emails.confirm.answer({ token })
const INVALID = { __typename: 'LinkInvalid', expired: false }

describe('changeEmail', () => {
  it('changes nothing until the link that the new address got is opened', async () => {
    const { session, viewer, email } = await joinWithEmail(users, 'keaton')
    const newEmail = 'Buster@Example.org'
    const sent = await emails.change.answer({ newEmail, password: PASSWORD }, viewer)
    expect(sent.email).toBe(newEmail)
    expect(await rowOf(postgres, session)).toMatchObject({ email, verifiedEmail: email })
    await confirm(tokenIn(await users.mailbox.nextTo(newEmail)))
    expect(await rowOf(postgres, session)).toMatchObject({
      email: newEmail,
      verifiedEmail: 'buster@example.org',
    })
  })

  it('asked for many times at once leaves one link that counts', async () => {
    const { session, viewer } = await joinWithEmail(users, 'sterling')
    const wanted = [1, 2, 3, 4].map((index) => `ford-${index}@example.org`)
    const ask = (newEmail: string) => emails.change.answer({ newEmail, password: PASSWORD }, viewer)
    await Promise.all(wanted.map(ask))
    const outcomes = []
    for (const email of wanted) {
      outcomes.push(await confirm(tokenIn(await users.mailbox.nextTo(email))))
    }
    const confirmed = outcomes.filter(({ __typename }) => __typename === 'EmailConfirmed')
    expect(confirmed).toHaveLength(1)
    expect((await rowOf(postgres, session)).email).toBe(confirmed[0]?.email)
  })

  it('tells the old address, if it was confirmed', async () => {
    const { viewer, email } = await joinWithEmail(users, 'lloyd')
    const newEmail = 'harold@example.org'
    await emails.change.answer({ newEmail, password: PASSWORD, language: 'RU' }, viewer)
    const notice = await users.mailbox.nextTo(email)
    expect(notice.subject).toBe('Адрес вашей почты будет изменён')
    expect(notice.text).toContain(newEmail)
    expect(() => tokenIn(notice)).toThrow(/no token/)
  })

  it('writes nothing to an old address that was not', async () => {
    const other = await startUsers(postgres)
    const email = 'mistyped@example.org'
    const session = await other.register({ login: 'langdon', email })
    await other.mailbox.nextTo(email)
    const asked = { newEmail: 'harry@example.org', password: PASSWORD }
    await emailsOf(other).change.answer(asked, viewerOf(session))
    await other.subgraph.stop(AbortSignal.timeout(10_000))
    expect(await other.mailbox.mailTo(email)).toHaveLength(1)
  })

  it('gives a first address to an account without one', async () => {
    const session = await users.register({ login: 'normand' })
    const newEmail = 'mabel@example.org'
    await emails.change.answer({ newEmail, password: PASSWORD }, viewerOf(session))
    await confirm(tokenIn(await users.mailbox.nextTo(newEmail)))
    expect(await rowOf(postgres, session)).toMatchObject({ verifiedEmail: newEmail })
  })

  it('frees the old address', async () => {
    const { viewer, email } = await joinWithEmail(users, 'sennett')
    const newEmail = 'mack@example.org'
    await emails.change.answer({ newEmail, password: PASSWORD }, viewer)
    await confirm(tokenIn(await users.mailbox.nextTo(newEmail)))
    await users.mailbox.nextTo(email)
    await users.register({ login: 'heir', email })
    const token = tokenIn(await users.mailbox.nextTo(email))
    expect(await confirm(token)).toEqual({ __typename: 'EmailConfirmed', email })
  })

  it('makes links to the old address worthless', async () => {
    const { viewer, email } = await joinWithEmail(users, 'arbuckle')
    await emails.requestReset.answer({ email })
    const reset = tokenIn(await users.mailbox.nextTo(email))
    const newEmail = 'roscoe@example.org'
    await emails.change.answer({ newEmail, password: PASSWORD }, viewer)
    await confirm(tokenIn(await users.mailbox.nextTo(newEmail)))
    const outcome = await emails.reset.answer({ token: reset, newPassword: 'staple and horses' })
    expect(outcome).toEqual(INVALID)
  })

  it('answers the same for an address of somebody else, who gets a mail that says so', async () => {
    const { email: taken } = await joinWithEmail(users, 'pickford')
    const { session, viewer } = await joinWithEmail(users, 'fairbanks')
    const answer = await emails.change.answer({ newEmail: taken, password: PASSWORD }, viewer)
    const free = { newEmail: 'douglas@example.org', password: PASSWORD }
    expect(answer).toEqual({ ...(await emails.change.answer(free, viewer)), email: taken })
    const mail = await users.mailbox.nextTo(taken)
    expect(mail.subject).toBe('Your email address was given once more')
    expect(() => tokenIn(mail)).toThrow(/no token/)
    expect(await rowOf(postgres, session)).toMatchObject({ email: 'fairbanks@example.org' })
  })

  it('leaves the address to who confirmed it in the meantime', async () => {
    const { session, viewer } = await joinWithEmail(users, 'slow')
    const newEmail = 'contested@example.org'
    await emails.change.answer({ newEmail, password: PASSWORD }, viewer)
    const late = tokenIn(await users.mailbox.nextTo(newEmail))
    await users.register({ login: 'quick', email: newEmail })
    await confirm(tokenIn(await users.mailbox.nextTo(newEmail)))
    expect(await confirm(late)).toEqual({ __typename: 'EmailTaken', email: newEmail })
    expect(await rowOf(postgres, session)).toMatchObject({ email: 'slow@example.org' })
  })

  it('needs the owner: not anonymously, and not without the password', async () => {
    const { viewer } = await joinWithEmail(users, 'bow')
    const newEmail = 'clara@example.org'
    const codes = [
      await emails.change.error({ newEmail, password: PASSWORD }),
      await emails.change.error({ newEmail, password: 'not the password' }, viewer),
      await emails.change.error({ newEmail }, viewer),
    ].map(({ extensions }) => extensions.code)
    expect(codes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN'])
    expect(await users.mailbox.mailTo(newEmail)).toEqual([])
  })

  it('needs a young session where there is no password', async () => {
    const { session, viewer } = await joinWithEmail(users, 'gish')
    await postgres.prisma.user.update({
      where: { id: session.user.id },
      data: { passwordHash: null },
    })
    expect(await emails.change.answer({ newEmail: 'lillian@example.org' }, viewer)).toMatchObject({
      email: 'lillian@example.org',
    })
    clock.advance({ seconds: 15 * 60 })
    const { extensions } = await emails.change.error({ newEmail: 'dorothy@example.org' }, viewer)
    expect(extensions.code).toBe('FORBIDDEN')
  })

  it('is limited for each account, whatever addresses it names', async () => {
    // the link that confirmed its own was the first
    const { viewer } = await joinWithEmail(users, 'cannon')
    const ask = (index: number) => ({ newEmail: `victim-${index}@example.org`, password: PASSWORD })
    for (let sent = 1; sent < 10; sent++) await emails.change.answer(ask(sent), viewer)
    const { extensions } = await emails.change.error(ask(10), viewer)
    expect(extensions.code).toBe('RATE_LIMITED')
    expect(await users.mailbox.mailTo('victim-10@example.org')).toEqual([])
  })

  it('is limited for each address of a client, however many accounts there are', async () => {
    const client = users.from('192.0.2.70')
    const viewers = []
    for (const login of ['buckshot', 'grapeshot', 'canister']) {
      viewers.push((await joinWithEmail(users, login)).viewer)
    }
    const ask = (index: number) => ({ newEmail: `target-${index}@example.org`, password: PASSWORD })
    const { change } = emailsOf(client)
    for (let sent = 0; sent < 20; sent++) {
      await change.answer(ask(sent), viewers[sent % viewers.length])
    }
    const { extensions } = await change.error(ask(20), viewers[20 % viewers.length])
    expect(extensions.code).toBe('RATE_LIMITED')
  })

  it('that was under way when the password was reset changes nothing', async () => {
    const { session, viewer, email } = await joinWithEmail(users, 'overtaken')
    await emails.requestReset.answer({ email })
    const token = tokenIn(await users.mailbox.nextTo(email))
    const newEmail = 'overtaker@example.org'
    const [, refused] = await behindALock(postgres, ofAccount(session.user.id), [
      () => emails.reset.answer({ token, newPassword: 'staple and more horses' }),
      () => emails.change.error({ newEmail, password: PASSWORD }, viewer),
    ])
    expect(refused.extensions.code).toBe('UNAUTHENTICATED')
    expect(await users.mailbox.mailTo(newEmail)).toEqual([])
    expect(await postgres.prisma.emailToken.count({ where: { userId: session.user.id } })).toBe(0)
  })

  it('refuses what is no address', async () => {
    const { viewer } = await joinWithEmail(users, 'chaney')
    for (const newEmail of ['', 'lon', 'lon@example.org\nBcc: eve@example.org', 'a@b@c.d']) {
      const { extensions } = await emails.change.error({ newEmail, password: PASSWORD }, viewer)
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['newEmail'] })
    }
  })

  it('refuses the address that is confirmed, in any case', async () => {
    const { viewer, email } = await joinWithEmail(users, 'garbo')
    const asked = { newEmail: email.toUpperCase(), password: PASSWORD }
    expect((await emails.change.error(asked, viewer)).extensions.code).toBe('CONFLICT')
  })

  it('says when the server takes no mail for the address', async () => {
    const { viewer } = await joinWithEmail(users, 'brooks')
    const mailer: Mailer = { ...createService({ name: 'mailer' }), send: async () => 'refused' }
    const refusing = emailsOf(await startUsers(postgres, { mailer }))
    const asked = { newEmail: 'louise@example.org', password: PASSWORD }
    const { extensions } = await refusing.change.error(asked, viewer)
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['newEmail'] })
  })
})
