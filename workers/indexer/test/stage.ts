import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { openCache } from '@cinegraph/engines/cache/open'
import type { Cache } from '@cinegraph/engines/cache/cache'
import type { EventLog } from '@cinegraph/engines/event-log/event-log'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { domainEvents } from '@cinegraph/events/domain/domain-events'
import { TOPICS } from '@cinegraph/events/topics'
import { createFilmsSubgraph } from '@cinegraph/films/subgraph'
import type { Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { Registry } from '@cinegraph/kit/metrics'
import { createPeopleSubgraph } from '@cinegraph/people/subgraph'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll } from 'vitest'
import { createOutboxWorker } from '../../outbox/src/outbox.worker.js'
import { CatalogueRepository } from '../src/catalogue.repository.js'
import { type CatalogueSource, createCatalogueSource } from '../src/catalogue-source.js'
import { type Difference, differences } from '../src/compare.js'
import { createIndexerWorker, GROUP } from '../src/indexer.worker.js'
import { KINDS } from '../src/project.js'
import { Editor } from './editor.js'

export interface Stage {
  readonly url: string
  readonly postgres: Postgres
  readonly eventLog: EventLog
  readonly search: SearchIndex
  readonly cache: Cache
  readonly source: CatalogueSource
  readonly editor: Editor
  readonly metrics: Registry
  /** Outbox and indexer in this process. */
  runWorkers(): Promise<void>
  /** Resolves when everything that was announced is processed. */
  settled(): Promise<void>
  /** Where catalogue and index differ. */
  differences(): Promise<Difference[]>
  /** Records among the dead letters. */
  deadLetters(): Promise<number>
}

const running: Service[] = []
const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const service of running.splice(0).reverse()) {
    await service.stop(AbortSignal.timeout(10_000))
  }
})

async function run<S extends Service>(service: S): Promise<S> {
  running.push(service)
  await service.start()
  return service
}

/** An empty catalogue in a database of its own, where its event log is too unless `eventLogUrl` is given; all that it starts ends with the test file. */
export async function openStage({ eventLogUrl }: { eventLogUrl?: string } = {}): Promise<Stage> {
  const { log } = memoryLog()
  const { url } = await createTestDatabase()
  const postgres = await run(openPostgres({ url, log, poolSize: 20 }))
  const metrics = new Registry()
  const [search, cache, eventLog] = [
    await run(openSearchIndex({ url, postgres, log })),
    await run(openCache({ url: 'memory:', log })),
    await run(openEventLog({ url: eventLogUrl ?? url, postgres, topics: TOPICS, log })),
  ]
  const source = createCatalogueSource(new CatalogueRepository(postgres.prisma))
  const engines = { postgres, search, cache, eventLog, log, metrics }
  return {
    ...{ url, postgres, eventLog, search, cache, source, metrics },
    editor: await openEditor({ postgres, search, log }),
    async runWorkers() {
      await run(createIndexerWorker(engines))
      await run(createOutboxWorker({ ...engines, batch: 100, turnMs: 30_000 }))
    },
    async settled() {
      await until(async () => (await postgres.prisma.outboxRow.count()) === 0)
      await until(async () => (await eventLog.progress(GROUP)).every(({ lag }) => lag === 0))
    },
    async differences() {
      const found: Difference[] = []
      for (const kind of KINDS) {
        for await (const it of differences(kind, { source, search })) found.push(it)
      }
      return found
    },
    async deadLetters() {
      const { name } = domainEvents.deadLetters!
      const [partition] = await postgres.prisma.logPartition.findMany({ where: { topic: name } })
      return Number(partition!.nextOffset)
    },
  }
}

/** With the subgraphs that it edits by. Their cache is theirs alone, as in another process. */
async function openEditor(
  engines: Pick<Stage, 'postgres' | 'search'> & { log: Logger },
): Promise<Editor> {
  const cache = await run(openCache({ url: 'memory:', log: engines.log }))
  const films = await createFilmsSubgraph({
    ...{ ...engines, cache, metrics: new Registry() },
    verifyViewer: await testIdentity.verifierFor('films'),
  })
  const people = await createPeopleSubgraph({
    ...{ ...engines, cache },
    verifyViewer: await testIdentity.verifierFor('people'),
  })
  const subgraphs = { films: await run(films), people: await run(people) }
  return new Editor({ prisma: engines.postgres.prisma, subgraphs })
}

const MAINS = { outbox: '../../outbox/src/main.ts', indexer: 'indexer-process.ts' }
export type WorkerName = keyof typeof MAINS

/** A worker in a process of its own; resolves when it runs. */
export async function startWorker(
  name: WorkerName,
  { url }: Pick<Stage, 'url'>,
): Promise<ChildProcess> {
  const main = path.join(import.meta.dirname, MAINS[name])
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main], {
    env: {
      PATH: process.env['PATH'],
      ...{ DATABASE_URL: url, EVENT_LOG_URL: url, PORT: '0' },
      // small ones, so that a kill finds more to do
      ...{ OUTBOX_BATCH: '7', OUTBOX_TURN_MS: '1000' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    last = line
    if ((JSON.parse(line) as { msg: string }).msg !== 'ready') continue
    child.stdout.resume()
    return child
  }
  throw new Error(`${name} ended before it was ready: ${last}`)
}

export async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
