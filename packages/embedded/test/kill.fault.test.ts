import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import { eventually } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openEmbeddedPostgres } from '../src/postgres.js'
import { processCommand } from '../src/process-facts.js'

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kill -9 '))
  await chmod(folder, 0o755)
  dataDir = path.join(folder, 'postgres')
})
afterEach(() => rm(folder, { recursive: true }))

/** The write load in a process of its own, which owns its Postgres. */
const startOwner = () =>
  spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions', 'source'],
      ...[path.join(import.meta.dirname, 'write-load.ts'), dataDir],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

/** Lets an owner write, and ends it with `kill -9` when it has printed `count` numbers. Returns all that it printed. */
async function killAfter(count: number): Promise<number[]> {
  const owner = startOwner()
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: owner.stdout })) {
    acknowledged.push(Number(line))
    if (acknowledged.length === count) owner.kill('SIGKILL')
  }
  return acknowledged
}

/** Processes whose command line names the data folder: Postgres and the shell around it. */
async function processesOfData(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map((pid) => processCommand(Number(pid))))
  return commands.filter((command) => command.includes(dataDir))
}

async function storedNumbers(): Promise<Set<number>> {
  const log = createLogger({ name: 'test', level: 'silent' })
  const postgres = openEmbeddedPostgres({ dataDir, log })
  await postgres.start()
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  const { rows } = await client.query<{ n: number }>('SELECT n FROM acknowledged')
  await client.end()
  await postgres.stop(AbortSignal.timeout(10_000))
  return new Set(rows.map(({ n }) => n))
}

test.each([1, 7, 400])(
  'kill -9 of the owner after %i acknowledged writes loses none of them',
  async (count) => {
    const acknowledged = await killAfter(count)
    expect(acknowledged.length).toBeGreaterThanOrEqual(count)
    // at once: the Postgres of the dead owner may still be at its last checkpoint
    const stored = await storedNumbers()
    expect(acknowledged.filter((n) => !stored.has(n))).toEqual([])
  },
)

test('kill -9 of the owner leaves no process', async () => {
  await killAfter(1)
  await eventually(async () => expect(await processesOfData()).toEqual([]))
})

test('a first start that is killed half way leaves nothing in the way of the next', async () => {
  const owner = startOwner()
  const unfinished = async () =>
    (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('PG_VERSION'))
  await vi.waitFor(async () => expect(await unfinished()).not.toEqual([]), {
    timeout: 20_000,
    interval: 1,
  })
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  await expect(stat(dataDir)).rejects.toThrow('ENOENT')

  const log = createLogger({ name: 'test', level: 'silent' })
  const postgres = openEmbeddedPostgres({ dataDir, log })
  await postgres.start()
  await postgres.stop(AbortSignal.timeout(10_000))
  expect((await readdir(folder)).toSorted()).toEqual(['postgres', 'postgres.password'])
})
