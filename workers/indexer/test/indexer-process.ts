// The indexer as a process of its own, which a test can kill. As `main.ts`, but that leases of one that was killed run out sooner.
import { openCache } from '@cinegraph/engines/cache/open'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { TOPICS } from '@cinegraph/events/topics'
import { runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { createIndexerWorker } from '../src/indexer.worker.js'

const LEASE_MS = 1_000

const url = process.env['DATABASE_URL']!
const log = createLogger({ name: 'indexer' })
const metrics = createMetrics()
const postgres = openPostgres({ url, log })
const search = openSearchIndex({ url, postgres, log })
const cache = openCache({ url: 'memory:', log })
const eventLog = openEventLog({ url, postgres, topics: TOPICS, leaseMs: LEASE_MS, log, metrics })
const worker = createIndexerWorker({ postgres, search, eventLog, cache, log, metrics })
await runProcess([postgres, search, cache, eventLog, worker], { log, shutdownMs: 10_000 })
