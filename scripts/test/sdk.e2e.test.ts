import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { createCinegraphClient, memoryStorage } from '@cinegraph/sdk'
import { expect, test } from 'vitest'
import { ROOT } from '../src/paths.js'
import { startCinegraph } from './harness.js'

const cinegraph = await startCinegraph()
const url = `${cinegraph.url}/graphql`
const { demoPasswords } = cinegraph.secrets

interface Given {
  readonly args?: readonly string[]
  readonly env?: object
}

/** What an example prints and how it ends, run as its first lines say. */
async function run(script: string, { args = [], env = {} }: Given = {}) {
  const command = ['run', '--silent', script, '--', ...args]
  const options = { cwd: ROOT, env: { ...process.env, CINEGRAPH_URL: url, ...env } }
  return promisify(execFile)('npm', command, options).catch(
    (failed: unknown) => failed as { code: number; stdout: string; stderr: string },
  )
}

const readme = await readFile(path.join(ROOT, 'packages/sdk/README.md'), 'utf8')
const shown = [...readme.matchAll(/^npm run (\S+) -- (.*)\n```\n\n```text\n([^]*?)```$/gm)].map(
  ([, script, args, output]) => ({ script: script!, args: args!.split(' '), output }),
)

const sessionsOf = async (token: string) => {
  const query = '{ me { sessions { edges { node { current } } } } }'
  const { me } = await cinegraph.data({ query, token })
  return (me as { sessions: { edges: unknown[] } }).sessions.edges
}

test('the README shows an example of each page', () => {
  expect(shown.map(({ script }) => script)).toEqual(['example', 'example:search', 'example:person'])
})

test.each(shown)('$script $args prints what the README shows', async ({ script, args, output }) => {
  expect(await run(script, { args })).toEqual({ stdout: output, stderr: '' })
})

test.each([
  ['example', 'метрополис', ['Метрополис (1927)', 'Режиссёр  Фриц Ланг', 'Страна    Германия']],
  ['example:search', 'шерлок', ['Шерлок-младший (1924)', '[Шерлок]-младший', 'Комедия (1)']],
  ['example:person', 'чаплин', ['Чарли Чаплин', '16 апреля 1889', 'Режиссёр', 'Малыш (1921)']],
])('%s "%s" prints a page in Russian', async (script, text, lines) => {
  const { stdout } = await run(script, { args: [text, 'ru'] })
  for (const line of lines) expect(stdout).toContain(line)
})

test('the example of a search page goes on to a second page', async () => {
  const { stdout } = await run('example:search', { args: [''] })
  expect(stdout).toContain('Films found  100')
  expect(new Set(stdout.match(/^ {3}.*\(\d{4}\)$/gm)).size).toBe(20)
})

test.each(['example', 'example:search', 'example:person'])(
  '%s says so when nothing is found',
  async (script) => {
    const stdout = 'Nothing is found for "qqqzzz".\n'
    expect(await run(script, { args: ['qqqzzz'] })).toEqual({ stdout, stderr: '' })
  },
)

const REFUSED = /^BAD_USER_INPUT: text: must have at most 200 characters \(request \S+\)\n$/

test.each([
  ['what was asked for', { args: ['x'.repeat(201)] }, REFUSED],
  [
    'the password',
    { env: { CINEGRAPH_LOGIN: 'viewer', CINEGRAPH_PASSWORD: 'wrong' } },
    /^UNAUTHENTICATED: .* \(request \S+\)\n$/,
  ],
  [
    'the address',
    { env: { CINEGRAPH_URL: 'http://127.0.0.1:1/graphql' } },
    /^NETWORK_ERROR: Cinegraph did not answer\.\n$/,
  ],
] as const)('an example says what is wrong with %s, without a stack', async (_, given, problem) => {
  const failed = { code: 1, stdout: '', stderr: expect.stringMatching(problem) as string }
  expect(await run('example:search', given)).toMatchObject(failed)
})

test('the example of sessions logs an app and a browser in, and out again', async () => {
  const env = { CINEGRAPH_LOGIN: 'viewer', CINEGRAPH_PASSWORD: demoPasswords.viewer }
  const { stdout } = await run('example:sessions', { env })
  expect(stdout.trim().split('\n')).toEqual([
    'Logged in on:',
    expect.stringMatching(/^WEB .*Firefox.*\(this one\)$/),
    expect.stringMatching(/^MOBILE /),
    'Logged out of both.',
  ])
  expect(await sessionsOf(await cinegraph.tokenOf('viewer'))).toHaveLength(1)
})

test('a session whose access token is not good any more ends when it is logged out', async () => {
  const storage = memoryStorage()
  const client = createCinegraphClient({ url, storage })
  await client.logIn('editor', demoPasswords.editor)
  const token = await cinegraph.tokenOf('editor')
  expect(await sessionsOf(token)).toHaveLength(2)
  const session = (await storage.load())!
  await storage.save({ ...session, tokens: { ...session.tokens!, access: 'expired' } })
  await client.logOut()
  expect(await sessionsOf(token)).toHaveLength(1)
})
