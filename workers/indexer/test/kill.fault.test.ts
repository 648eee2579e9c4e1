import { randomInt } from 'node:crypto'
import { until } from '@cinegraph/testkit/until'
import { beforeAll, expect, test } from 'vitest'
import { GROUP } from '../src/indexer.worker.js'
import { reindex } from '../src/reindex.js'
import { KnownIds, RandomEdits, randomOf } from './random-edits.js'
import { kill, openStage, type Stage, startWorker, type WorkerName } from './stage.js'

const WRITERS = 8
const KILLS_OF_EACH = 10
/** Together half a thousand that were not refused: some before each kill, some while one is dead. */
const EDITS = { before: 12, while: 13 }
// many processes are started
const MOST_MS = 300_000

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})

const seed = randomInt(1_000_000)
test(
  `the index is what the catalogue is, whatever becomes of the workers (seed ${seed})`,
  { timeout: MOST_MS },
  async () => {
    const workers = {
      outbox: startWorker('outbox', stage),
      indexer: startWorker('indexer', stage),
    }
    const known = new KnownIds()
    const writers = Array.from(
      { length: WRITERS },
      (_, writer) => new RandomEdits(stage.editor, randomOf(seed + writer), known),
    )
    let done = 0
    /** So many edits, by all writers at the same time. */
    const edit = async (edits: number) => {
      let left = edits
      const write = async (writer: RandomEdits) => {
        while (left-- > 0) {
          await writer.next()
          done++
        }
      }
      await Promise.all(writers.map(write))
    }
    /** How many events the worker has relayed, or processed, whoever it was at the time. */
    const doneBy = async (worker: WorkerName) => {
      const partitions = await stage.eventLog.progress(GROUP)
      const counts = partitions.map(({ end, committed }) => (worker === 'outbox' ? end : committed))
      return counts.reduce((sum, count) => sum + count, 0)
    }
    const doneBefore = { outbox: 0, indexer: 0 }
    await writers[0]!.begin()
    let rebuilding: Promise<unknown> | undefined
    for (let kills = 1; kills <= 2 * KILLS_OF_EACH; kills++) {
      const victim = kills % 2 ? 'outbox' : 'indexer'
      const worker = await workers[victim]
      // what all events that wait ask for is read at the end, and right whatever was forgotten on the way
      if (victim === 'indexer') await stage.settled()
      await edit(EDITS.before)
      // it has work in hand then
      await until(async () => (await doneBy(victim)) > doneBefore[victim])
      doneBefore[victim] = await doneBy(victim)
      const editing = edit(EDITS.while)
      await kill(worker)
      workers[victim] = startWorker(victim, stage)
      await editing
      // an index is built beside the one in use while all this goes on
      if (kills === KILLS_OF_EACH) rebuilding = reindex(stage)
    }
    await Promise.all([workers.outbox, workers.indexer, rebuilding])
    await stage.settled()

    expect(await stage.differences()).toEqual([])
    expect(await stage.deadLetters()).toBe(0)
    expect(await stage.search.isComplete()).toBe(true)
    expect(done).toBe(2 * KILLS_OF_EACH * (EDITS.before + EDITS.while))
    // there was something to get wrong
    expect(await stage.postgres.prisma.credit.count()).toBeGreaterThan(20)
  },
)
