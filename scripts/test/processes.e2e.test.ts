import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envOf, makeSecrets } from '../src/all-in-one/secrets.js'
import { loadDemo } from '../src/catalogue/demo.js'
import { ROOT, SUPERGRAPH } from '../src/paths.js'
import { ask } from './harness.js'

const SUBGRAPHS = ['users', 'films', 'people'] as const
/** By the part they are; of one that was started anew the last. */
const children = new Map<string, ChildProcess>()
const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-processes-'))
afterAll(async () => {
  for (const child of children.values()) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

/** Starts one part alone, from its `main.ts`, on a free port; resolves with its URL when it listens. */
async function start(part: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', `${part}/src/main.ts`],
    {
      cwd: ROOT,
      // nothing of this process's own environment: what a part needs is what it is given
      env: { PATH: process.env['PATH'], PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  children.set(part, child)
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line) as { msg: string; url?: string }
    if (msg === 'listening' && url) {
      child.stdout.resume()
      return url
    }
  }
  throw new Error(`${part} ended before it listened`)
}

async function stop(part: string): Promise<unknown> {
  const child = children.get(part)!
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  return ended
}

describe('each part in a process of its own', () => {
  let gateway: string
  const urls: Record<string, string> = {}
  let env: Record<string, string>
  let gatewayEnv: Record<string, string>

  beforeAll(async () => {
    const { url } = await createTestDatabase()
    await seed(url)
    const { GATEWAY_SIGNING_KEY, ...secrets } = envOf(await makeSecrets())
    const mail = { MAIL_URL: `file:${folder}`, MAIL_FROM: 'cinegraph@example.org' }
    env = { DATABASE_URL: url, SEARCH_URL: url, ...mail, ...secrets }
    for (const name of SUBGRAPHS) urls[name] = await start(`subgraphs/${name}`, env)
    gatewayEnv = {
      SUPERGRAPH_PATH: SUPERGRAPH,
      SUBGRAPH_URLS: SUBGRAPHS.map((name) => `${name}=${urls[name]!}/graphql`).join(','),
      JWKS_URL: `${urls['users']!}/.well-known/jwks.json`,
      REVOCATIONS_URL: `${urls['users']!}/internal/revocations`,
      GATEWAY_SIGNING_KEY,
    }
    gateway = await start('gateway', gatewayEnv)
  })

  async function register(login: string): Promise<string> {
    const { data } = await ask(gateway, {
      query: `mutation { register(input: { login: "${login}", password: "a long way from home" }) {
        ... on Session { accessToken } } }`,
    })
    return (data as { register: { accessToken: string } }).register.accessToken
  }

  test('answers a query that needs all of them', async () => {
    const token = await register('alone')
    const answer = await ask(gateway, {
      query: '{ me { login } film(slug: "metropolis-1927") { title directors { name } } }',
      token,
    })
    expect(answer).toEqual({
      data: {
        me: { login: 'alone' },
        film: { title: 'Metropolis', directors: [{ name: 'Fritz Lang' }] },
      },
    })
  })

  test('refuses a session that has ended, also when users or the gateway was started anew', async () => {
    const [first, second] = [await register('first'), await register('second')]
    const me = (token: string) => ask(gateway, { query: '{ me { login } }', token })
    const expectEnded = async (token: string) =>
      expect((await me(token)).errors).toMatchObject([{ message: 'The session has ended.' }])
    const logOut = async (token: string) => {
      expect((await me(token)).errors).toBeUndefined()
      await ask(gateway, { query: 'mutation { logOut }', token })
      await eventually(() => expectEnded(token))
    }
    await logOut(first)
    await stop('subgraphs/users')
    await start('subgraphs/users', { ...env, PORT: new URL(urls['users']!).port })
    await logOut(second)
    await stop('gateway')
    gateway = await start('gateway', gatewayEnv)
    for (const token of [first, second]) await expectEnded(token)
  })

  test.each(SUBGRAPHS)('%s answers nobody but the gateway', async (name) => {
    const answer = await ask(urls[name]!, { query: '{ __typename }' })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(answer.data).toBeUndefined()
  })

  test('ends with 0 on SIGTERM', async () => {
    const parts = [...children.keys()]
    expect(await Promise.all(parts.map(stop))).toEqual(parts.map(() => [0, null]))
  })
})

async function seed(url: string): Promise<void> {
  const { log } = memoryLog()
  const postgres = openPostgres({ url, log })
  const search = openSearchIndex({ url, postgres, log })
  await postgres.start()
  await search.start()
  await loadDemo({ postgres, search })
  await search.stop(AbortSignal.timeout(5_000))
  await postgres.stop(AbortSignal.timeout(5_000))
}
