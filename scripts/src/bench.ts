import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { createProgress, type Progress } from '@cinegraph/kit/progress'
import * as catalogue from './bench/catalogue.js'
import * as editing from './bench/editing.js'
import * as engines from './bench/engines.js'
import { serversOf } from './bench/engines/servers.js'
import * as eventLog from './bench/event-log.js'
import * as users from './bench/users.js'
import { z } from 'zod'
import { withTemporaryDatabase } from './database.js'

const USAGE = `Usage: npm run bench -- catalogue | users | event-log | engines | editing [--quick] [--films N]... [--json FILE]
  catalogue  what readers ask for, beside the SQL alone, with 1,000, 100,000 and 1,000,000 films
  users      log-ins, what the time of a refusal tells, the cost of authorization in the gateway
  event-log  appending and consuming beside plain INSERT and SELECT
  engines    each adapter beside its vendor's client alone, on the servers that TEST_REDIS_URL and the like name
  editing    how soon an edit is searchable; making the index anew beside plain INSERT
  --quick    a few rounds of each: whether it runs, not how fast
  --films    of catalogue: so many instead, few first; can be given more than once
  --json     writes the report into a file as well`

interface Asked {
  readonly quick: boolean
  /** Numbers of films; none for those of the benchmark. */
  readonly films: readonly number[]
}

type Bench = (
  url: string,
  asked: Asked,
  progress: Progress,
) => Promise<{ report: unknown; text: string }>

const BENCHES: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  [
    'catalogue',
    async (url, { quick, films }, progress) => {
      const rounds = quick ? catalogue.QUICK : catalogue.FULL
      const sizes = films.length > 0 ? films : rounds.sizes
      const report = await catalogue.benchCatalogue(url, { ...rounds, sizes }, progress)
      return { report, text: catalogue.describeCatalogue(report) }
    },
  ],
  [
    'users',
    async (url, { quick }, progress) => {
      const report = await users.benchUsers(url, quick ? users.QUICK : users.FULL, progress)
      return { report, text: users.describeUsers(report) }
    },
  ],
  [
    'event-log',
    async (url, { quick }, progress) => {
      const rounds = quick ? eventLog.QUICK : eventLog.FULL
      const report = await eventLog.benchEventLog(url, rounds, progress)
      return { report, text: eventLog.describeEventLog(report) }
    },
  ],
  [
    'engines',
    async (url, { quick }, progress) => {
      const rounds = quick ? engines.QUICK : engines.FULL
      const servers = serversOf(process.env)
      const report = await engines.benchEngines({ url, rounds, servers }, progress)
      return { report, text: engines.describeEngines(report) }
    },
  ],
  [
    'editing',
    async (url, { quick }, progress) => {
      const rounds = quick ? editing.QUICK : editing.FULL
      const report = await editing.benchEditing(url, rounds, progress)
      return { report, text: editing.describeEditing(report) }
    },
  ],
])

const size = z.coerce.number().int().min(100).max(10_000_000)

function readArgs(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        films: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
      },
    })
    const bench = BENCHES.get(positionals.join(' '))
    return bench && { bench, ...values, films: values.films.map((it) => size.parse(it)) }
  } catch {
    return undefined
  }
}

/** What a server of a machine with memory for a million films is given. */
const LARGE = { shared_buffers: '1GB', maintenance_work_mem: '256MB', max_wal_size: '8GB' }

/** Measures on a database of its own, which goes away. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const given = readArgs(args)
  if (!given) {
    console.error(USAGE)
    return 2
  }
  const progress = createProgress((text) => process.stderr.write(text))
  const { report, text } = await withTemporaryDatabase(
    (url) => given.bench(url, given, progress),
    LARGE,
  )
  console.log(text)
  if (given.json !== undefined) await writeFile(given.json, `${JSON.stringify(report, null, 2)}\n`)
  return 0
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) =>
  failProcess('bench', error),
)
