import { execFile } from 'node:child_process'
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

/** What an example prints, run as its first lines say. */
async function outputOf(script: string, { args = [], env = {} }: Given = {}) {
  const command = ['run', '--silent', script, '--', ...args]
  const options = { cwd: ROOT, env: { ...process.env, CINEGRAPH_URL: url, ...env } }
  return (await promisify(execFile)('npm', command, options)).stdout
}

const sessionsOf = async (token: string) => {
  const query = '{ me { sessions { edges { node { current } } } } }'
  const { me } = await cinegraph.data({ query, token })
  return (me as { sessions: { edges: unknown[] } }).sessions.edges
}

test('the example of a film page shows the film that was asked for', async () => {
  expect(await outputOf('example', { args: ['metropolis'] })).toContain('Metropolis')
})

test('the example of sessions logs an app and a browser in, and out again', async () => {
  const env = { CINEGRAPH_LOGIN: 'viewer', CINEGRAPH_PASSWORD: demoPasswords.viewer }
  const output = await outputOf('example:sessions', { env })
  expect(output.trim().split('\n')).toEqual([
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
