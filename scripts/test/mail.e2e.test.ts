import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openMailer } from '@cinegraph/engines/mailer/open'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../src/paths.js'
import { startCinegraph } from './harness.js'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-mail-e2e-'))
  folders.push(folder)
  return folder
}

/** Runs `npm run mail` on a data folder. */
async function mail(folder: string, args: readonly string[] = [], env = {}) {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', 'scripts/src/mail.ts', ...args],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], CINEGRAPH_DATA: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exit = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: (await exit)[0] as number, stdout, stderr }
}

const tokenIn = (printed: string) => /^[\w-]{43}$/m.exec(printed)?.[0]

test('npm start keeps mails, npm run mail shows them, and their tokens count at the gateway', async () => {
  const folder = await makeFolder()
  const cinegraph = await startCinegraph({ CINEGRAPH_DATA: folder, DEMO_DATA: 'false' })
  const email = 'ann@example.org'
  const registered = await cinegraph.data({
    query: `mutation ($email: String!) {
      register(input: { login: "ann", password: "a long way home", email: $email }) {
        ... on Session { accessToken }
      }
    }`,
    variables: { email },
  })
  const { accessToken: token } = registered['register'] as { accessToken: string }
  const shownToken = (subject: string) =>
    eventually(async () => {
      const { stdout } = await mail(folder)
      expect(stdout).toContain(`Subject: ${subject}`)
      return tokenIn(stdout)
    })

  const confirming = await shownToken('Confirm your email address')
  const confirmed = await cinegraph.data({
    query: `mutation ($token: String!) { confirmEmail(token: $token) { __typename } }`,
    variables: { token: confirming },
  })
  expect(confirmed).toEqual({ confirmEmail: { __typename: 'EmailConfirmed' } })
  const me = { query: '{ me { email emailVerified } }', token }
  expect(await cinegraph.data(me)).toEqual({ me: { email, emailVerified: true } })

  await cinegraph.data({
    query: `mutation ($email: String!) { requestPasswordReset(email: $email) }`,
    variables: { email },
  })
  const reset = await cinegraph.data({
    query: `mutation ($token: String!) {
      resetPassword(token: $token, newPassword: "another way home") { __typename }
    }`,
    variables: { token: await shownToken('Reset your password') },
  })
  expect(reset).toEqual({ resetPassword: { __typename: 'PasswordReset' } })
  await eventually(async () => {
    const { errors } = await cinegraph.ask(me)
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
  })
}, 600_000)

describe('npm run mail', () => {
  let folder: string
  beforeAll(async () => {
    folder = await makeFolder()
    const url = pathToFileURL(path.join(folder, 'mail')).href
    const mailer = openMailer({ url, from: 'mail@cinegraph.test', log: memoryLog().log })
    await mailer.start()
    for (const index of [1, 2, 3]) {
      const words = { subject: `Письмо ${index}`, text: `Текст ${index}`, html: '<p>x</p>' }
      await mailer.send({ to: `reader-${index}@example.org`, ...words })
    }
  })

  test('lists what there is, the newest first, and prints the newest', async () => {
    const { code, stdout } = await mail(folder)
    expect(code).toBe(0)
    const [first, second, third, , file, ...rest] = stdout.trimEnd().split('\n')
    expect(first).toMatch(/^ {2}1 {2}[\d-]{10} [\d:]{8} {2}reader-3@example\.org {2}Письмо 3$/)
    expect([second, third].map((line) => line?.slice(-8))).toEqual(['Письмо 2', 'Письмо 1'])
    expect(file).toMatch(/^File: .*\.eml$/)
    expect(rest.slice(1)).toEqual([
      'To:      reader-3@example.org',
      'Subject: Письмо 3',
      '',
      'Текст 3',
    ])
  })

  test('prints the one that is asked for', async () => {
    const { stdout } = await mail(folder, ['3'])
    expect(stdout).toContain('Текст 1')
    expect(stdout).not.toContain('Текст 3')
  })

  test('says how many there are when there are not so many', async () => {
    expect(await mail(folder, ['4'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('There are only 3 mails') as string,
    })
  })

  test('says how to get one where there is none', async () => {
    expect(await mail(await makeFolder())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Register with an email address') as string,
    })
  })

  test.each([['x'], ['0'], ['1.5'], ['1', '2']])('says how it is used: %j', async (...args) => {
    expect(await mail(folder, args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Usage:') as string,
    })
  })

  test('has nothing to show of a mail server', async () => {
    const { code, stderr } = await mail(folder, [], { MAIL_URL: 'smtp://user:hunter2@host' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/MAIL_URL: mail goes to a server/)
    expect(stderr).not.toContain('hunter2')
  })
})
