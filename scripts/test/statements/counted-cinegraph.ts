import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Cache } from '@cinegraph/engines/cache/cache'
import { openCache } from '@cinegraph/engines/cache/open'
import { openCounters } from '@cinegraph/engines/counters/open'
import { openMailer } from '@cinegraph/engines/mailer/open'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { Service } from '@cinegraph/kit/lifecycle'
import { Registry } from '@cinegraph/kit/metrics'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import { createOwnGateway } from '../../src/all-in-one/gateway.js'
import { completeEnv, loadSecrets } from '../../src/all-in-one/secrets.js'
import { createSubgraphs } from '../../src/all-in-one/subgraphs.js'
import { ask, type Request } from '../harness.js'
import { CHEAP_PASSWORDS } from '../people.js'

/** What is sent from time to time whoever asks: the feed of revocations, the keys, the schedule of films. */
const OF_ITSELF = /"users"\."(revocation|signing_key)"|"publish_at" <=/

/** Operations here select all that there is. */
const NO_LIMITS = Object.fromEntries(
  ['TOKENS', 'DEPTH', 'FIELDS', 'ALIASES', 'NODES', 'CHARACTERS'].map((limit) => [
    `MAX_OPERATION_${limit}`,
    '1000000',
  ]),
)

/**
 * Gateway and subgraphs without workers, which send statements of their own accord, over a pool whose statements are known.
 * `fill` writes what they serve.
 */
export async function startCounted(fill: (engines: Filled) => Promise<void>) {
  const { url } = await createTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-statements-'))
  const { log } = memoryLog()
  const services: Service[] = []
  const run = async <S extends Service>(service: S): Promise<S> => {
    services.unshift(service)
    await service.start()
    return service
  }
  afterAll(async () => {
    for (const service of services) await service.stop(AbortSignal.timeout(5_000))
    await rm(folder, { recursive: true })
  })

  const postgres = openPostgres({ url, log })
  const statements = statementsOf(postgres)
  await run(postgres)
  const search = await run(openSearchIndex({ url, postgres, log }))
  await fill({ postgres, search })

  const cache = coldCache(() => openCache({ url: 'memory:', log }))
  const mailUrl = pathToFileURL(path.join(folder, 'mail')).href
  const env = completeEnv(
    {
      ...{ PORT: '0', DATABASE_URL: url, MAIL_URL: mailUrl, MAIL_FROM: 'cinema@example.org' },
      ...NO_LIMITS,
      ...CHEAP_PASSWORDS,
    },
    await loadSecrets(folder),
  )
  const metrics = new Registry()
  const counters = await run(openCounters({ url: 'memory:', log, metrics }))
  const mailer = await run(openMailer({ url: mailUrl, from: 'cinema@example.org', log, metrics }))
  const subgraphs = await createSubgraphs({
    ...{ postgres, search, cache: cache.cache, counters, mailer, log, metrics, env },
  })
  for (const subgraph of subgraphs) await run(subgraph)
  const gateway = await run(
    await createOwnGateway({ env, log, metrics, subgraphs, dependencies: subgraphs }),
  )
  const send = (request: Request) => ask(gateway.url, request)
  return {
    databaseUrl: url,
    postgres,
    ask: send,
    async data(request: Request) {
      const { data, errors } = await send(request)
      if (!data || errors) throw new Error(JSON.stringify({ request, errors }))
      return data
    },
    /** What is answered with nothing cached, and the statements that it took. */
    async watch(request: Request) {
      cache.empty()
      const from = statements.length
      const answer = await send(request)
      return { answer, statements: statements.slice(from).filter((it) => !OF_ITSELF.test(it)) }
    },
  }
}

interface Filled {
  readonly postgres: Postgres
  readonly search: ReturnType<typeof openSearchIndex>
}

/** The texts of all statements that are sent from now on. */
function statementsOf({ pool }: Postgres): string[] {
  const statements: string[] = []
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    const noted = (statement: string | { text: string }, ...rest: unknown[]) => {
      statements.push(typeof statement === 'string' ? statement : statement.text)
      return query(statement, ...rest)
    }
    Object.defineProperty(client, 'query', { value: noted })
  })
  return statements
}

/** A cache that can be emptied: what was loaded for one operation is not there for the next. */
function coldCache(open: () => Cache) {
  let inner = open()
  const cache = new Proxy(inner, { get: (_, name) => Reflect.get(inner, name) as unknown })
  return { cache, empty: () => void (inner = open()) }
}
