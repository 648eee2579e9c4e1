import { setImmediate } from 'node:timers/promises'
import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startCallers } from '../../redis/caller-processes.contract.js'
import { createStage, type Stage } from './stage.contract.js'

const url = realServer('redis')
const making = (callers: readonly Caller[]) =>
  callers.flatMap(({ told }) => told).filter(({ state }) => state === 'making').length

describe.skipIf(url === undefined)('a cache of several processes', () => {
  let stage: Stage
  let callers: Caller[] = []
  beforeEach(() => {
    stage = createStage(url!)
  })
  afterEach(async () => {
    for (const { child } of callers) child.kill('SIGKILL')
    callers = []
    await stage.end()
  })

  it('answers 200 callers in four processes from one make', async () => {
    const options = { url: stage.url, what: 'load', calls: 50, makeMs: 300 } as const
    callers = await startCallers(4, options)
    for (const { go } of callers) go()
    const answers = await Promise.all(callers.map((it) => it.answers()))
    expect(answers.flat()).toHaveLength(200)
    expect(new Set(answers.flat()).size).toBe(1)
    expect(making(callers)).toBe(1)
  })

  it('lets the next one make what a process that was killed had begun', async () => {
    const options = { url: stage.url, what: 'load', calls: 50 } as const
    const started = [
      startCallers(1, { ...options, makeMs: 60_000 }),
      startCallers(3, { ...options, makeMs: 300 }),
    ]
    callers = (await Promise.all(started)).flat()
    const [killed, ...others] = callers
    killed!.go()
    await until(() => making([killed!]) === 1)
    for (const { go } of others) go()
    killed!.child.kill('SIGKILL')
    const answers = await Promise.all(others.map((it) => it.answers()))
    expect(making(others)).toBe(1)
    expect(new Set(answers.flat()).size).toBe(1)
    expect(others.map(({ child }) => child.pid)).toContain(answers[0]![0])
  })

  it('keeps nothing that was read before a purge, over 4,000 rounds of both at once', async () => {
    const [loading, purging] = [await stage.start(), await stage.start()]
    const { textOf } = await stage.startStore()
    const counts = { oldAnswers: 0, oldKept: 0, overtaken: 0 }
    const turns = async (count: number) => {
      for (let turn = 0; turn < count; turn++) await setImmediate()
    }
    /** Rounds one after another; those of other films go on at the same time. */
    const race = async (film: string) => {
      const options = { ttlMs: 60_000, tags: [film] }
      let version = 0
      for (let round = 0; round < 200; round++) {
        const before = version
        const racing = loading.cache.load(film, options, async () => {
          const read = version
          await turns(round % 5)
          return read
        })
        await turns(round % 7)
        version++
        await purging.cache.purge([film])
        if ((await racing) === before) counts.overtaken++
        if ((await textOf(film)) === String(before)) counts.oldKept++
        const answer = await purging.cache.load(film, options, async () => version)
        if (answer !== version) counts.oldAnswers++
      }
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => race(`film:${index}`)))
    expect(counts).toMatchObject({ oldAnswers: 0, oldKept: 0 })
    // or the rounds would prove nothing
    expect(counts.overtaken).toBeGreaterThan(200)
  })
})
