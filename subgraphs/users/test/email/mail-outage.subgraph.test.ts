import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import { openMailer } from '@cinegraph/engines/mailer/open'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { createService } from '@cinegraph/kit/lifecycle'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually } from '@cinegraph/testkit/until'
import { beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, startUsers, viewerOf } from '../start-users.js'
import { emailsOf, joinWithEmail, tokenIn } from './email-client.js'

let postgres: Postgres
beforeAll(async () => {
  postgres = await openTestPostgres()
})

const stop = ({ subgraph }: Awaited<ReturnType<typeof startUsers>>) =>
  subgraph.stop(AbortSignal.timeout(10_000))

describe('while no mail can be sent', () => {
  let users: Awaited<ReturnType<typeof startUsers>>
  let emails: ReturnType<typeof emailsOf>

  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-lost-'))
    const url = pathToFileURL(folder).href
    const mailer = openMailer({ url, from: 'mail@cinegraph.test', log: memoryLog().log })
    await mailer.start()
    await rm(folder, { recursive: true })
    users = await startUsers(postgres, { mailer })
    emails = emailsOf(users)
  })

  it('people register all the same, and the failure is logged', async () => {
    const session = await users.register({ login: 'dovzhenko', email: 'dovzhenko@example.org' })
    expect(session.user.login).toBe('dovzhenko')
    await eventually(() => {
      expect(users.lines).toContainEqual(
        expect.objectContaining({ level: 'error', what: 'confirmation mail' }),
      )
    })
  })

  it('who waits for a mail is told, and may try again', async () => {
    const session = await users.register({ login: 'vertov', email: 'vertov@example.org' })
    const asked = { newEmail: 'dziga@example.org', password: PASSWORD }
    for (const error of [
      await emails.resend.error({}, viewerOf(session)),
      await emails.change.error(asked, viewerOf(session)),
    ]) {
      expect(error.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
    }
  })

  it('may do so without end: a mail that was not sent does not count', async () => {
    const session = await users.register({ login: 'room', email: 'room@example.org' })
    for (let time = 0; time < 10; time++) {
      const { extensions } = await emails.resend.error({}, viewerOf(session))
      expect(extensions.code).toBe('SERVICE_UNAVAILABLE')
    }
  })

  it('who forgot a password gets the answer that everybody gets', async () => {
    const before = await startUsers(postgres)
    const { email } = await joinWithEmail(before, 'pudovkin')
    for (const asked of [email, 'nobody@example.org']) {
      expect(await emails.requestReset.answer({ email: asked })).toBe(true)
    }
  })
})

it('who wants an account back does not wait behind mail that anybody can ask for', async () => {
  const before = await startUsers(postgres)
  const { email } = await joinWithEmail(before, 'eisenstein')
  let sendOn = () => {}
  const stuck = new Promise<void>((resolve) => (sendOn = resolve))
  const { mailer } = before.mailbox
  const send: Mailer['send'] = async (mail) => {
    if (mail.to !== email) await stuck
    return mailer.send(mail)
  }
  const users = await startUsers(postgres, {
    mailer: { ...createService({ name: 'mailer' }), send },
  })
  for (const login of ['one', 'two', 'three', 'four', 'five']) {
    await users.register({ login: `waits-${login}`, email: `waits-${login}@example.org` })
  }
  await emailsOf(users).requestReset.answer({ email })
  expect((await before.mailbox.nextTo(email)).subject).toBe('Reset your password')
  sendOn()
})

describe('a stop', () => {
  it('waits for mail that is on its way', async () => {
    const users = await startUsers(postgres)
    const { email } = await joinWithEmail(users, 'kuleshov')
    await emailsOf(users).requestReset.answer({ email })
    await stop(users)
    const [newest] = await users.mailbox.mailTo(email)
    expect(tokenIn(newest!)).toHaveLength(43)
  })
})

it('who registers without an address gets no mail', async () => {
  const users = await startUsers(postgres)
  await users.register({ login: 'barnet', email: '  ' })
  await stop(users)
  expect(await users.mailbox.all()).toEqual([])
  expect(users.lines.filter(({ level }) => level === 'error')).toEqual([])
})

describe('with APP_URL', () => {
  it.each(['https://cinema.example.org/app', 'https://cinema.example.org/app/'])(
    'as %s mails link to its pages',
    async (appUrl) => {
      const users = await startUsers(postgres, { appUrl })
      const login = appUrl.endsWith('/') ? 'protazanov-2' : 'protazanov'
      const email = `${login}@example.org`
      await users.register({ login, email })
      const { text } = await users.mailbox.nextTo(email)
      const [, token] =
        /^https:\/\/cinema\.example\.org\/app\/confirm-email#token=([\w-]{43})$/m.exec(text) ?? []
      expect(text).not.toMatch(/mutation/)
      expect(await emailsOf(users).confirm.answer({ token })).toMatchObject({ email })
      await emailsOf(users).requestReset.answer({ email })
      const reset = await users.mailbox.nextTo(email)
      expect(reset.text).toMatch(
        /^https:\/\/cinema\.example\.org\/app\/reset-password#token=[\w-]{43}$/m,
      )
    },
  )
})

it('expired tokens are swept, and no others', async () => {
  const users = await startUsers(postgres)
  const rows = async () => (await postgres.prisma.emailToken.findMany()).map((it) => it.email)
  await postgres.prisma.emailToken.deleteMany()
  for (const login of ['old', 'young']) {
    await users.register({ login, email: `${login}@example.org` })
    await users.mailbox.nextTo(`${login}@example.org`)
  }
  await postgres.prisma.emailToken.updateMany({
    where: { email: 'old@example.org' },
    data: { expiresAt: new Date(Date.now() - 1) },
  })
  // housekeeping runs at start
  await startUsers(postgres)
  await eventually(async () => expect(await rows()).toEqual(['young@example.org']))
})
