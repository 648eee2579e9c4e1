import { until } from '@cinegraph/testkit/until'
import { expect, it, onTestFinished } from 'vitest'
import { collectLog } from '../test/collect-log.js'
import { createPeriodic, type PeriodicOptions } from './periodic.js'

const HOUR_MS = 3_600_000
const inTime = () => AbortSignal.timeout(5_000)

/** Started, and stopped when the test ends. */
async function startPeriodic(options: Omit<PeriodicOptions, 'name' | 'log'>) {
  const { log, lines } = collectLog()
  const service = createPeriodic({ name: 'dusting', log, ...options })
  onTestFinished(() => service.stop(inTime()))
  await service.start()
  return { service, lines }
}

it('does its work over and over, never twice at once', async () => {
  let runs = 0
  let atOnce = 0
  await startPeriodic({
    everyMs: 1,
    async work() {
      atOnce++
      await new Promise((resolve) => setImmediate(resolve))
      if (--atOnce === 0) runs++
    },
  })
  await until(() => runs >= 5)
})

it('waits before the first run, unless it is told not to', async () => {
  const runs: string[] = []
  const work = (name: string) => async () => void runs.push(name)
  await startPeriodic({ everyMs: HOUR_MS, work: work('later') })
  await startPeriodic({ everyMs: HOUR_MS, firstAfterMs: 0, work: work('at once') })
  await until(() => runs.length > 0)
  expect(runs).toEqual(['at once'])
})

it('goes on after a run that failed, and logs it', async () => {
  let runs = 0
  const { lines } = await startPeriodic({
    everyMs: 1,
    async work() {
      if (++runs === 1) throw new Error('no duster')
    },
  })
  await until(() => runs >= 3)
  expect(lines).toEqual([
    expect.objectContaining({ level: 'error', work: 'dusting', msg: 'periodic work failed' }),
  ])
})

it('comes again sooner after a run that failed, and not after others', async () => {
  let runs = 0
  const { lines } = await startPeriodic({
    everyMs: HOUR_MS,
    firstAfterMs: 0,
    againAfterMs: 1,
    async work() {
      if (++runs < 3) throw new Error('no duster')
    },
  })
  await until(() => runs >= 3)
  expect(lines).toHaveLength(2)
})

it('stops in the middle of a pause, and begins no run afterwards', async () => {
  let runs = 0
  const { service } = await startPeriodic({
    everyMs: HOUR_MS,
    firstAfterMs: 0,
    async work() {
      runs++
    },
  })
  await until(() => runs === 1)
  await service.stop(inTime())
  expect(runs).toBe(1)
})

it('tells a run under way to stop, and waits for it', async () => {
  const begun = Promise.withResolvers<undefined>()
  let state = 'idle'
  const { service } = await startPeriodic({
    everyMs: HOUR_MS,
    firstAfterMs: 0,
    async work(stopping) {
      state = 'running'
      begun.resolve(undefined)
      await new Promise((resolve) => {
        stopping.addEventListener('abort', () => setImmediate(resolve))
      })
      state = 'tidied up'
    },
  })
  await begun.promise
  await service.stop(inTime())
  expect(state).toBe('tidied up')
})

it('waits no longer than the deadline for a run that does not listen', async () => {
  const begun = Promise.withResolvers<undefined>()
  const released = Promise.withResolvers<undefined>()
  onTestFinished(() => released.resolve(undefined))
  const { log } = collectLog()
  const service = createPeriodic({
    name: 'dusting',
    log,
    everyMs: HOUR_MS,
    firstAfterMs: 0,
    work() {
      begun.resolve(undefined)
      return released.promise
    },
  })
  await service.start()
  await begun.promise
  await service.stop(AbortSignal.abort())
})
