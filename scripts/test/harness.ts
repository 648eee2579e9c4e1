import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseConfig } from '@cinegraph/kit/config'
import { createProgress } from '@cinegraph/kit/progress'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { type LogLine, memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { createCinegraph } from '../src/all-in-one/cinegraph.js'
import { cinegraphConfig } from '../src/all-in-one/config.js'
import { loadSecrets, type Secrets } from '../src/all-in-one/secrets.js'
import { sharedEngines } from './deployment/shared-engines.js'
import { type RemoteSubgraph, startTwins } from './deployment/twins.js'

export interface Answer {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
  extensions?: Readonly<Record<string, unknown>>
}

export interface Request {
  query: string
  variables?: Readonly<Record<string, unknown>>
  operationName?: string
  token?: string
  /** Where it comes from, as a proxy says it. */
  address?: string
}

/** Sends an operation to a running Cinegraph. */
export async function ask(url: string, { token, address, ...body }: Request): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(address && { 'x-forwarded-for': address }),
    },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Answer
}

/** Asks a running Cinegraph. */
export function askingAt(url: string) {
  const send = (request: Request) => ask(url, request)
  return {
    ask: send,
    /** The data of an answer; throws when it has errors. */
    async data(request: Request) {
      const answer = await send(request)
      if (!answer.data || answer.errors)
        throw new Error(JSON.stringify({ request, answer }, null, 2))
      return answer.data
    },
  }
}
export type Asking = ReturnType<typeof askingAt>

type Env = Readonly<Record<string, string>>

interface Running {
  /** Its public address. */
  readonly url: string
  /** Each gateway's own address. */
  readonly gateways: readonly string[]
  readonly subgraphs: readonly RemoteSubgraph[]
  readonly secrets: Secrets
  /** SEARCH_URL of all of them. */
  readonly searchUrl: string
  /** What all processes have logged so far. */
  log(): readonly LogLine[]
}

const TARGETS: Readonly<Record<string, (databaseUrl: string, env: Env) => Promise<Running>>> = {
  'in-process': startInProcess,
  processes: startProcesses,
}

/**
 * The whole supergraph, with the demo catalogue, on a database of its own unless DATABASE_URL is given; it ends with the test
 * file. E2E_TARGET says where, unless the test can only watch one `target`: `in-process` by default, `processes` for two processes
 * of each part.
 */
export async function startCinegraph(
  env: Env = {},
  target = process.env['E2E_TARGET'] || 'in-process',
) {
  const start = TARGETS[target]
  if (!start) throw new Error(`E2E_TARGET: ${target} is not one of ${Object.keys(TARGETS).join()}`)
  const databaseUrl = env['DATABASE_URL'] ?? (await createTestDatabase()).url
  const running = await start(databaseUrl, env)
  const { url, secrets } = running
  const client = askingAt(url)
  return {
    ...running,
    ...client,
    databaseUrl,
    async tokenOf(login: 'admin' | 'editor' | 'viewer'): Promise<string> {
      const { data } = await client.ask({
        query: `mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }`,
        variables: { input: { login, password: secrets.demoPasswords[login] } },
      })
      return (data as { logIn: { accessToken: string } }).logIn.accessToken
    },
  }
}

async function startInProcess(databaseUrl: string, env: Env): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-e2e-'))
  afterAll(() => rm(folder, { recursive: true }))
  const settings = { DATABASE_URL: databaseUrl, CINEGRAPH_DATA: folder, ...env }
  const { cinegraph, secrets, lines } = await openCinegraph(settings)
  afterAll(() => cinegraph.stop(AbortSignal.timeout(5_000)))
  await cinegraph.start()
  const { url, subgraphs } = cinegraph
  const searchUrl = env['SEARCH_URL'] ?? databaseUrl
  return { url, gateways: [url], subgraphs, secrets, searchUrl, log: () => lines }
}

/** What `npm start` starts, with these settings and nothing of our environment; who asks for it starts and stops it. */
export async function openCinegraph(env: Env & { readonly CINEGRAPH_DATA: string }) {
  const settings = { PORT: '0', ...env }
  const { log, lines } = memoryLog()
  const secrets = await loadSecrets(settings.CINEGRAPH_DATA)
  const cinegraph = createCinegraph({
    config: parseConfig(cinegraphConfig, settings),
    env: settings,
    secrets,
    log,
    progress: createProgress(() => undefined),
  })
  return { cinegraph, secrets, lines }
}

async function startProcesses(databaseUrl: string, env: Env): Promise<Running> {
  const { parts, ...twins } = await startTwins({ databaseUrl, env: { ...sharedEngines(), ...env } })
  return { ...twins, log: () => parts.flatMap(({ log }) => log) }
}
