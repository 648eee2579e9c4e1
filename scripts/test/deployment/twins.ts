import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { ensureDemoAccounts } from '../../src/all-in-one/demo-accounts.js'
import { completeEnv, type Env, loadSecrets, type Secrets } from '../../src/all-in-one/secrets.js'
import { ensureCatalogue } from '../../src/catalogue/demo.js'
import { ROOT } from '../../src/paths.js'
import { type Balancer, startBalancer } from './balancer.js'
import { type Part, startPart } from './part.js'

const SUBGRAPHS = ['subgraphs/users', 'subgraphs/films', 'subgraphs/people'] as const
const WORKERS = ['workers/outbox', 'workers/indexer'] as const
const GATEWAY = 'gateway'
const TIMES = {
  // several checks of a balancer
  SHUTDOWN_DELAY_MS: '1000',
  // a machine that does other things as well is no failure
  SHUTDOWN_MS: '120000',
  REQUEST_TIMEOUT_MS: '120000',
  SUBGRAPH_TIMEOUT_MS: '120000',
  SUBGRAPH_CONNECT_TIMEOUT_MS: '120000',
  ACCESS_TOKEN_SECONDS: '36000',
}

export type RemoteSubgraph = Pick<Subgraph, 'name' | 'sdl' | 'execute'>

/** Two of each process, and one address before each two. */
export interface Twins {
  /** The public address. */
  readonly url: string
  /** Each gateway's own. */
  readonly gateways: readonly string[]
  /** Each behind its address. */
  readonly subgraphs: readonly RemoteSubgraph[]
  /** In the order in which they were started; both of a kind beside each other. */
  readonly parts: readonly Part[]
  readonly secrets: Secrets
  /** SEARCH_URL of all of them. */
  readonly searchUrl: string
  /** Whether requests reach it; always true of what has none. */
  isUp(part: Part): boolean
}

export interface TwinsOptions {
  /** Of a migrated database. */
  readonly databaseUrl: string
  /** Settings of whichever process; those that make it a deployment are made here. */
  readonly env: Readonly<Record<string, string>>
}

const cleanups: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-twins-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  return folder
}

async function openBalancer(): Promise<Balancer> {
  const balancer = await startBalancer()
  cleanups.push(() => balancer.close())
  return balancer
}

/** They end with the test file. */
export async function startTwins({ databaseUrl, env: given }: TwinsOptions): Promise<Twins> {
  const folder = given['CINEGRAPH_DATA'] ?? (await temporaryFolder())
  const secrets = await loadSecrets(folder)
  const balancers = new Map<string, Balancer>()
  for (const root of [...SUBGRAPHS, GATEWAY]) balancers.set(root, await openBalancer())
  const urlOf = (root: string) => balancers.get(root)!.url
  const urls = SUBGRAPHS.map((root) => `${path.basename(root)}=${urlOf(root)}/graphql`)
  const env = completeEnv(
    {
      ...{ DATABASE_URL: databaseUrl, SEARCH_URL: databaseUrl, EVENT_LOG_URL: databaseUrl },
      MAIL_URL: `file:${path.join(folder, 'mail')}`,
      MAIL_FROM: 'cinegraph@example.org',
      // the balancers' own address
      TRUST_PROXY: 'loopback',
      ...TIMES,
      ...given,
      // of two for one name the last counts
      SUBGRAPH_URLS: [...urls, given['SUBGRAPH_URLS'] ?? []].flat().join(),
    },
    secrets,
  )
  await seed({ databaseUrl, env, secrets, folder })
  const parts: Part[] = []
  // all at once would keep each other from being ready in time
  for (const root of [...SUBGRAPHS, ...WORKERS, GATEWAY]) {
    const two = await startTwo(root, env)
    parts.push(...two)
    for (const { url } of two) balancers.get(root)?.add(url)
  }
  return {
    url: urlOf(GATEWAY),
    gateways: parts.filter(({ root }) => root === GATEWAY).map(({ url }) => url),
    subgraphs: await Promise.all(SUBGRAPHS.map((root) => remote(root, urlOf(root)))),
    parts,
    secrets,
    searchUrl: env['SEARCH_URL']!,
    isUp: ({ root, url }) => balancers.get(root)?.isUp(url) ?? true,
  }
}

function startTwo(root: string, env: Env): Promise<Part[]> {
  // whoever holds this key can be anyone
  const { GATEWAY_SIGNING_KEY: _, ...others } = env
  const options = { root, env: root === GATEWAY ? env : others }
  return Promise.all([startPart(options), startPart(options)])
}

interface SeedOptions {
  databaseUrl: string
  env: Env
  secrets: Secrets
  folder: string
}

/** What `npm start` writes at its first start. */
async function seed({ databaseUrl: url, env, secrets, folder }: SeedOptions): Promise<void> {
  const { log } = memoryLog()
  const postgres = openPostgres({ url, log })
  const search = openSearchIndex({ url: env['SEARCH_URL']!, postgres, log })
  await postgres.start()
  await search.start()
  const demo = env['DEMO_DATA'] !== 'false'
  await ensureCatalogue({ postgres, search }, demo)
  if (demo) await ensureDemoAccounts({ postgres, env, secrets, folder })
  await search.stop(AbortSignal.timeout(5_000))
  await postgres.stop(AbortSignal.timeout(5_000))
}

async function remote(root: string, url: string): Promise<RemoteSubgraph> {
  return {
    name: path.basename(root),
    sdl: await readFile(path.join(ROOT, root, 'schema.graphql'), 'utf8'),
    async execute({ headers, body }) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      const setCookie = response.headers.getSetCookie()
      return { status: response.status, body: await response.text(), setCookie }
    },
  }
}
