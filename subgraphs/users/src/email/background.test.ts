import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Background, createBackground } from './background.js'

let lines: ReturnType<typeof memoryLog>['lines']
let background: Background

beforeEach(async () => {
  const { log, lines: written } = memoryLog()
  lines = written
  background = createBackground({ name: 'mail', log, atOnce: 1, queue: 1 })
  await background.start()
})

const stop = (deadline = AbortSignal.timeout(10_000)) => background.stop(deadline)

describe('work in the background', () => {
  it('is done before a stop ends, also what waits for its turn', async () => {
    const done: number[] = []
    for (const task of [1, 2]) {
      background.run('task', async () => {
        await new Promise(setImmediate)
        done.push(task)
      })
    }
    await stop()
    expect(done).toEqual([1, 2])
  })

  it('that hangs does not hold up a stop beyond its deadline', async () => {
    background.run('task', () => new Promise(() => {}))
    await stop(AbortSignal.abort())
  })

  it('that fails is logged, and the rest goes on', async () => {
    let done = false
    background.run('mail', () => Promise.reject(new DependencyError('mailer', 'it is down')))
    background.run('task', async () => {
      done = true
    })
    await stop()
    expect(done).toBe(true)
    expect(lines).toMatchObject([{ level: 'error', what: 'mail', err: { message: 'it is down' } }])
  })

  it('that is refused by a rule is no error of ours', async () => {
    background.run('mail', () => Promise.reject(new AppError('RATE_LIMITED', 'Too many.')))
    await stop()
    expect(lines).toMatchObject([{ level: 'warn', what: 'mail', reason: 'Too many.' }])
  })

  it('that throws at once is logged like any other', async () => {
    background.run('mail', () => {
      throw new Error('a bug')
    })
    await stop()
    expect(lines).toMatchObject([{ level: 'error', err: { message: 'a bug' } }])
  })

  it('that finds no place is given up, and logged', async () => {
    const begun: number[] = []
    for (const task of [1, 2, 3]) background.run('task', async () => void begun.push(task))
    await stop()
    expect(begun).toEqual([1, 2])
    expect(lines).toMatchObject([{ level: 'error', what: 'task' }])
  })
})
