import { DependencyError } from '@cinegraph/kit/errors'
import { beforeEach, expect, it } from 'vitest'
import { Renewed } from './renewed.js'

const MINUTE_MS = 60_000

class Fake {
  disconnected = false
  async connect() {}
  async disconnect() {
    this.disconnected = true
  }
}

let made: Fake[]
let renewed: Renewed<Fake>
beforeEach(() => {
  made = []
  renewed = new Renewed(() => {
    const client = new Fake()
    made.push(client)
    return client
  })
})

const ask = (
  work: (client: Fake) => Promise<unknown>,
  more: { ms?: number; again?: boolean } = {},
) => renewed.ask({ what: 'do it', work, ms: MINUTE_MS, ...more })

/** What the client throws; `retriable` by itself is not final. */
const failure = (more = {}) => Object.assign(new Error('failed'), more)

it('keeps a client that answers', async () => {
  expect(await ask(async () => 1)).toBe(1)
  expect(await ask(async () => 2)).toBe(2)
  expect(made).toMatchObject([{ disconnected: false }])
})

it('gives the next question another client after a failure', async () => {
  await expect(ask(() => Promise.reject(failure()))).rejects.toThrow(DependencyError)
  await ask(async () => {})
  expect(made).toMatchObject([{ disconnected: true }, { disconnected: false }])
})

it('leaves a client that failed to those who still use it', async () => {
  const gate = Promise.withResolvers<string>()
  const other = ask(() => gate.promise)
  await expect(ask(() => Promise.reject(failure()))).rejects.toThrow('could not do it')
  expect(made[0]!.disconnected).toBe(false)
  gate.resolve('answer')
  expect(await other).toBe('answer')
  expect(made[0]!.disconnected).toBe(true)
})

it('gives up what takes too long, and does not disturb it', async () => {
  const gate = Promise.withResolvers<undefined>()
  await expect(ask(() => gate.promise, { ms: 1 })).rejects.toMatchObject({ engine: 'kafka' })
  expect(made[0]!.disconnected).toBe(false)
  await ask(async () => {})
  expect(made).toHaveLength(2)
  gate.resolve(undefined)
  await expect.poll(() => made[0]!.disconnected).toBe(true)
})

it('asks again where that is wanted, until an error is final', async () => {
  const errors = [
    failure(),
    failure({ retriable: false, name: 'KafkaJSGroupCoordinatorNotFound' }),
    failure({ retriable: false }),
  ]
  const work = () => Promise.reject(errors[made.length - 1]!)
  await expect(ask(work, { again: true })).rejects.toMatchObject({ cause: errors[2] })
  expect(made).toHaveLength(3)
})

it('is closed when nobody uses it any more', async () => {
  const gate = Promise.withResolvers<undefined>()
  const last = ask(() => gate.promise)
  renewed.close()
  expect(made[0]!.disconnected).toBe(false)
  gate.resolve(undefined)
  await last
  expect(made[0]!.disconnected).toBe(true)
})
