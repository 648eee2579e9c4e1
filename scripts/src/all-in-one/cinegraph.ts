import { migrate } from '@cinegraph/embedded/migrations'
import { openCache } from '@cinegraph/engines/cache/open'
import { openCounters } from '@cinegraph/engines/counters/open'
import { isKafkaUrl, parseKafkaUrl } from '@cinegraph/engines/event-log/kafka/kafka-url'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openMailer } from '@cinegraph/engines/mailer/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { TOPICS } from '@cinegraph/events/topics'
import { createService, type Service, stopAll } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import type { Gateway } from '@cinegraph/gateway/gateway'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Progress } from '@cinegraph/kit/progress'
import { ensureCatalogue } from '../catalogue/demo.js'
import { openDatabase } from '../database.js'
import { MIGRATIONS } from '../paths.js'
import type { CinegraphConfig } from './config.js'
import { ensureDemoAccounts } from './demo-accounts.js'
import { createOwnGateway } from './gateway.js'
import { completeEnv, type Env, type Secrets } from './secrets.js'
import { mailUrl } from './mail.js'
import { createSubgraphs } from './subgraphs.js'
import { createWorkers } from './workers.js'

export interface CinegraphOptions {
  config: CinegraphConfig
  /** Settings of the gateway and of users count too; what is missing comes from `secrets`. */
  env: Env
  secrets: Secrets
  log: Logger
  progress: Progress
}

export type Cinegraph = Service & {
  /** Where the gateway listens, e.g. `http://127.0.0.1:4000`; only after start. */
  readonly url: string
  /** Those of this process, whether the gateway calls them here or elsewhere; only after start. */
  readonly subgraphs: readonly Subgraph[]
}

/** Everything in this process: servers whose URLs are not given, migrations, demo data, subgraphs, gateway. */
export function createCinegraph(options: CinegraphOptions): Cinegraph {
  const running: Service[] = []
  let started: Started | undefined
  const service = createService({
    name: 'cinegraph',
    async start() {
      started = await startAllInOne(options, running)
    },
    drain: () => started?.gateway.drain?.(),
    async stop(deadline) {
      const failures = await stopAll(running, deadline)
      if (failures.length === 0) return
      const names = failures.map((it) => it.service).join(', ')
      throw new AggregateError(
        failures.map((it) => it.error),
        `could not stop ${names}`,
      )
    },
  })
  const afterStart = () => {
    if (!started) throw new Error('cinegraph has not started')
    return started
  }
  return {
    ...service,
    get url() {
      return afterStart().gateway.url
    },
    get subgraphs() {
      return afterStart().subgraphs
    },
  }
}

interface Started {
  gateway: Gateway
  subgraphs: readonly Subgraph[]
}

/** Puts into `running` what has to be stopped, in the order of its start. */
async function startAllInOne(options: CinegraphOptions, running: Service[]): Promise<Started> {
  const { config, secrets, log, progress } = options
  // noted before it starts: a start that is cut short has to be stopped as well
  const run = async <S extends Service>(service: S): Promise<S> => {
    running.push(service)
    await service.start()
    return service
  }

  const database = await progress.step(
    'postgres',
    () => run(openDatabase(config, log)),
    (it) => it.description,
  )
  const { url } = database
  await progress.step(
    'migrations',
    () => migrate(url, MIGRATIONS),
    (applied) => (applied.length === 0 ? 'up to date' : `applied ${applied.length}`),
  )
  const metrics = createMetrics()
  const mail = { MAIL_URL: mailUrl(config), MAIL_FROM: config.MAIL_FROM }
  const urls = {
    DATABASE_URL: url,
    SEARCH_URL: config.SEARCH_URL ?? url,
    EVENT_LOG_URL: config.EVENT_LOG_URL ?? url,
  }
  const env = completeEnv({ ...options.env, ...mail, ...urls }, secrets)
  const postgres = await run(openPostgres({ url, log, metrics }))
  const search = await progress.step(
    'search',
    () => run(openSearchIndex({ url: urls.SEARCH_URL, postgres, log, metrics })),
    () => searchPlace(urls.SEARCH_URL),
  )
  const cache = await progress.step(
    'cache',
    () => run(openCache({ url: config.CACHE_URL, log, metrics })),
    () => placeOf(config.CACHE_URL),
  )
  const counters = await progress.step(
    'counters',
    () => run(openCounters({ url: config.COUNTERS_URL, log, metrics })),
    () => placeOf(config.COUNTERS_URL),
  )
  const eventLog = await progress.step(
    'event log',
    () => run(openEventLog({ url: urls.EVENT_LOG_URL, postgres, topics: TOPICS, log, metrics })),
    () => placeOfEvents(urls.EVENT_LOG_URL),
  )
  const mailer = await progress.step(
    'mail',
    () => run(openMailer({ url: mail.MAIL_URL, from: mail.MAIL_FROM, log, metrics })),
    () => (config.MAIL_URL ? `by ${new URL(config.MAIL_URL).host}` : '`npm run mail` shows it'),
  )
  const engines = [database, postgres, search, cache, counters]
  await progress.step(
    'catalogue',
    () => ensureCatalogue({ postgres, search }, config.DEMO_DATA),
    String,
  )
  const subgraphs = await createSubgraphs({
    ...{ postgres, search, cache, counters, mailer },
    ...{ log, metrics, env },
  })
  for (const subgraph of subgraphs) {
    await progress.step(
      subgraph.name,
      () => run(subgraph),
      () => 'in this process',
    )
  }
  for (const worker of createWorkers({ postgres, search, cache, eventLog, log, metrics, env })) {
    await progress.step(
      worker.name,
      () => run(worker),
      () => 'in this process',
    )
  }
  if (config.DEMO_DATA) {
    await progress.step(
      'accounts',
      () => ensureDemoAccounts({ postgres, env, secrets, folder: config.CINEGRAPH_DATA }),
      String,
    )
  }
  const gateway = await progress.step(
    'gateway',
    async () =>
      run(
        await createOwnGateway({
          env,
          log,
          metrics,
          subgraphs,
          dependencies: [...engines, ...subgraphs],
        }),
      ),
    (it) => it.url,
  )
  await database.announce({ url: gateway.url, databaseUrl: url })
  return { gateway, subgraphs }
}

const searchPlace = (url: string) => {
  const { protocol, host } = new URL(url)
  return protocol.startsWith('http')
    ? `in Elasticsearch at ${host}, and in Postgres`
    : 'full text and trigrams in Postgres'
}

const placeOfEvents = (url: string) =>
  isKafkaUrl(url) ? `in Kafka at ${parseKafkaUrl(url).shown}` : 'tables in Postgres'

const placeOf = (url: string) => {
  const { protocol, host } = new URL(url)
  return protocol === 'memory:' ? 'in this process' : `in Redis at ${host}`
}
