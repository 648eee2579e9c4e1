import { ConfigError } from '@cinegraph/kit/config'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { collected, Gauge, type Registry } from '@cinegraph/kit/metrics'
import pg from 'pg'
import { answeredClient } from './answered-client.js'
import { connectProblem } from './connect-problem.js'
import type { PrismaClient } from './generated/client.js'
import { createPrisma } from './prisma.js'
import { preparesStatements } from './statement-names.js'

/**
 * One pool per process. `prisma` for repositories: throws DependencyError when the database fails us, Prisma's errors when
 * a statement does. `pool` for adapters that speak SQL themselves.
 */
export type Postgres = Service & {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
}

export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database` */
  url: string
  log: Logger
  /** Where it is told whether the database answers. */
  metrics?: Registry
  /** The Postgres schema that this process cannot do without; a database that lacks it was not migrated. */
  owner?: string
  /** Connections at most. */
  poolSize?: number
  connectTimeoutMs?: number
  /** No statement runs longer than this. */
  statementTimeoutMs?: number
}

// what is right for a genre of a third of the catalogue is not for one of a few films: a plan is made for the values, each time
const PLANNING = '-c plan_cache_mode=force_custom_plan'

/** How much longer than a statement may run its answer may be on the way. */
const ON_THE_WAY_MS = 2_000

/** Connects on start. A database that cannot be reached, or refuses us, is a ConfigError that names DATABASE_URL. */
export function openPostgres(options: PostgresOptions): Postgres {
  const {
    url,
    log,
    metrics,
    owner,
    poolSize = 10,
    connectTimeoutMs = 5_000,
    statementTimeoutMs = 15_000,
  } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: 'cinegraph',
    ...(preparesStatements(url) && { options: PLANNING }),
    Client: answeredClient(statementTimeoutMs + ON_THE_WAY_MS),
  })
  // an idle connection that breaks is replaced by the pool; without a listener it would end the process
  pool.on('error', (error) => log.warn({ err: error }, 'lost an idle postgres connection'))
  const prisma = createPrisma(pool, {
    // longer than the pool takes to say that there is no connection, and than a statement may take
    maxWait: connectTimeoutMs + statementTimeoutMs,
    timeout: 2 * statementTimeoutMs,
  })
  const ask = () => pool.query('SELECT 1')
  if (metrics) measureUp(metrics, ask)
  const service = createService({
    name: 'postgres',
    async start() {
      await ask().catch((error: unknown) => {
        throw connectProblem(error, url)
      })
      if (owner !== undefined) await requireSchema(pool, owner)
    },
    async ready() {
      return ask().then(
        () => ({ ready: true }) as const,
        () => ({ ready: false, reason: 'does not answer' }) as const,
      )
    },
    async stop() {
      await prisma.$disconnect()
      await pool.end()
    },
  })
  return { ...service, prisma, pool }
}

function measureUp(metrics: Registry, ask: () => Promise<unknown>): Gauge {
  return new Gauge({
    name: 'cinegraph_postgres_up',
    help: '1 while Postgres answers this process, 0 while it does not, or has no connection left',
    registers: [metrics],
    async collect() {
      this.set((await collected(ask())) ? 1 : 0)
    },
  })
}

/** Throws a ConfigError for a database that was not migrated. */
export async function requireSchema(pool: pg.Pool, owner: string): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>(
    'SELECT to_regnamespace($1) IS NOT NULL AS there',
    [owner],
  )
  if (rows[0]?.there) return
  throw new ConfigError([
    `DATABASE_URL: the database has no schema ${owner}: run \`npm run migrate\``,
  ])
}
