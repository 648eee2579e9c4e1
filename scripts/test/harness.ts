import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseConfig } from '@cinegraph/kit/config'
import { createProgress } from '@cinegraph/kit/progress'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { createCinegraph } from '../src/all-in-one/cinegraph.js'
import { cinegraphConfig } from '../src/all-in-one/config.js'
import { loadSecrets } from '../src/all-in-one/secrets.js'

export interface Answer {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
}

export interface Request {
  query: string
  variables?: Readonly<Record<string, unknown>>
  operationName?: string
  token?: string
}

/** Sends an operation to a running Cinegraph. */
export async function ask(url: string, { token, ...body }: Request): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Answer
}

/** The whole supergraph in this process, with the demo catalogue, on a database of its own; it ends with the test file. */
export async function startCinegraph(env: Readonly<Record<string, string>> = {}) {
  const { url: databaseUrl } = await createTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-e2e-'))
  const settings = { PORT: '0', DATABASE_URL: databaseUrl, CINEGRAPH_DATA: folder, ...env }
  const { log, lines } = memoryLog()
  const output: string[] = []
  const secrets = await loadSecrets(folder)
  const cinegraph = createCinegraph({
    config: parseConfig(cinegraphConfig, settings),
    env: settings,
    secrets,
    log,
    progress: createProgress((text) => output.push(text)),
  })
  afterAll(async () => {
    await cinegraph.stop(AbortSignal.timeout(5_000))
    await rm(folder, { recursive: true })
  })
  await cinegraph.start()
  const { url, subgraphs } = cinegraph
  const send = (request: Request) => ask(url, request)
  return {
    url,
    subgraphs,
    databaseUrl,
    secrets,
    log: lines,
    output,
    ask: send,
    /** The data of an answer; throws when it has errors. */
    async data(request: Request) {
      const answer = await send(request)
      if (!answer.data || answer.errors)
        throw new Error(JSON.stringify({ request, answer }, null, 2))
      return answer.data
    },
    async tokenOf(login: 'admin' | 'editor' | 'viewer'): Promise<string> {
      const { data } = await send({
        query: `mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }`,
        variables: { input: { login, password: secrets.demoPasswords[login] } },
      })
      return (data as { logIn: { accessToken: string } }).logIn.accessToken
    },
  }
}
