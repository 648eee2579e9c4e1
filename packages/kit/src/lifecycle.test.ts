import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { createService, type Service, startAll, stopAll } from './lifecycle.js'

const inTime = () => AbortSignal.timeout(5_000)

describe('a service', () => {
  it('is ready only while it is started', async () => {
    const starting = Promise.withResolvers<undefined>()
    const stopping = Promise.withResolvers<undefined>()
    const service = createService({
      name: 'films',
      start: () => starting.promise,
      stop: () => stopping.promise,
    })
    const reason = async () => {
      const state = await service.ready()
      return state.ready ? 'ready' : state.reason
    }
    expect(await reason()).toBe('initialized')
    const started = service.start()
    expect(await reason()).toBe('starting')
    starting.resolve(undefined)
    await started
    expect(await reason()).toBe('ready')
    const stopped = service.stop(inTime())
    expect(await reason()).toBe('stopping')
    stopping.resolve(undefined)
    await stopped
    expect(await reason()).toBe('stopped')
  })

  it('asks its own question only while it is started', async () => {
    const service = createService({
      name: 'films',
      ready: async () => ({ ready: false, reason: 'no answer' }),
    })
    expect(await service.ready()).toEqual({ ready: false, reason: 'initialized' })
    await service.start()
    expect(await service.ready()).toEqual({ ready: false, reason: 'no answer' })
  })

  it('starts once and stops once, however often it is told to', async () => {
    const calls: string[] = []
    const service = createService({
      name: 'films',
      start: async () => void calls.push('start'),
      stop: async () => void calls.push('stop'),
    })
    await Promise.all([service.start(), service.start()])
    await Promise.all([service.stop(inTime()), service.stop(inTime())])
    await service.stop(inTime())
    expect(calls).toEqual(['start', 'stop'])
    await expect(service.start()).rejects.toThrow('films was already stopped')
  })

  it('stays stopped when it is stopped while it starts, and stops only after the start', async () => {
    const starting = Promise.withResolvers<undefined>()
    const calls: string[] = []
    const service = createService({
      name: 'films',
      async start() {
        await starting.promise
        calls.push('started')
      },
      stop: async () => void calls.push('stop'),
    })
    const started = service.start()
    const stopped = service.stop(inTime())
    starting.resolve(undefined)
    await Promise.all([started, stopped])
    expect(calls).toEqual(['started', 'stop'])
    expect(await service.ready()).toEqual({ ready: false, reason: 'stopped' })
  })

  it('does not wait beyond the deadline for a start that hangs', async () => {
    const service = createService({ name: 'films', start: () => new Promise(() => {}) })
    void service.start()
    await service.stop(AbortSignal.abort())
    expect(await service.ready()).toEqual({ ready: false, reason: 'stopped' })
  })

  it('is not ready after a failed start and still releases what it holds', async () => {
    let released = false
    const service = createService({
      name: 'films',
      start: () => Promise.reject(new Error('no start')),
      stop: async () => void (released = true),
    })
    await expect(service.start()).rejects.toThrow('no start')
    expect(await service.ready()).toEqual({ ready: false, reason: 'failed' })
    await service.stop(inTime())
    expect(released).toBe(true)
  })
})

describe('several services', () => {
  const recorded = (calls: string[], name: string, hooks: { start?: () => Promise<void> } = {}) =>
    createService({
      name,
      async start() {
        await hooks.start?.()
        calls.push(`start ${name}`)
      },
      stop: async () => void calls.push(`stop ${name}`),
    })

  it('start in order and stop in reverse', async () => {
    const calls: string[] = []
    const services = ['postgres', 'films', 'gateway'].map((name) => recorded(calls, name))
    await startAll(services)
    expect(await stopAll(services, AbortSignal.timeout(5_000))).toEqual([])
    expect(calls).toEqual([
      'start postgres',
      'start films',
      'start gateway',
      'stop gateway',
      'stop films',
      'stop postgres',
    ])
  })

  it('stop again when one of them fails to start', async () => {
    const calls: string[] = []
    const failing = { start: () => Promise.reject(new Error('no start')) }
    const services = [
      recorded(calls, 'postgres'),
      recorded(calls, 'films', failing),
      recorded(calls, 'gateway'),
    ]
    await expect(startAll(services)).rejects.toThrow('no start')
    expect(calls).toEqual(['start postgres', 'stop films', 'stop postgres'])
  })

  it('are told of the deadline, and one that ignores it does not keep the others', async () => {
    const calls: string[] = []
    const obedient: Service = createService({
      name: 'obedient',
      stop: (deadline) =>
        new Promise((resolve) =>
          deadline.addEventListener('abort', () => {
            calls.push('gave up')
            resolve()
          }),
        ),
    })
    const stuck = createService({ name: 'stuck', stop: () => new Promise(() => {}) })
    const services = [recorded(calls, 'postgres'), stuck, obedient]
    await startAll(services)
    const failures = await stopAll(services, AbortSignal.timeout(20))
    expect(failures).toEqual([
      { service: 'stuck', error: new Error('did not stop within the deadline') },
    ])
    expect(calls).toEqual(['start postgres', 'gave up', 'stop postgres'])
  })

  it('all stop although one fails to', async () => {
    const calls: string[] = []
    const error = new Error('no stop')
    const failing = createService({ name: 'films', stop: () => Promise.reject(error) })
    const services = [recorded(calls, 'postgres'), failing]
    await startAll(services)
    expect(await stopAll(services, AbortSignal.timeout(5_000))).toEqual([
      { service: 'films', error },
    ])
    expect(calls).toEqual(['start postgres', 'stop postgres'])
  })
})

describe('a process', () => {
  let child: ChildProcess | undefined
  afterEach(() => child?.kill('SIGKILL'))

  const script = fileURLToPath(new URL('../test/run-process.ts', import.meta.url))
  /** Runs the root; `until` is the log message on which it gets SIGTERM. */
  async function run(behaviour: string, until?: string) {
    const args = ['--import', 'tsx', '--conditions=source', script, behaviour]
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child = running
    const messages: string[] = []
    let errors = ''
    running.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    createInterface(running.stdout).on('line', (line) => {
      const { msg } = JSON.parse(line) as { msg: string }
      messages.push(msg)
      if (msg === until) running.kill('SIGTERM')
    })
    const [code] = (await once(running, 'close')) as [number | null]
    return { code, messages, errors }
  }

  it('ends with 0 on SIGTERM', async () => {
    expect(await run('well', 'ready')).toEqual({
      code: 0,
      messages: ['ready', 'first stopped', 'stopped'],
      errors: '',
    })
  })

  it('is told before it stops, and goes on for as long as it is told to', async () => {
    expect(await run('drained', 'ready')).toEqual({
      code: 0,
      messages: ['ready', 'first drained', 'still there', 'first stopped', 'stopped'],
      errors: '',
    })
  })

  it('ends with 0 on SIGTERM while it starts, and never says that it is ready', async () => {
    expect(await run('slow-start', 'starting')).toMatchObject({
      code: 0,
      messages: ['starting', 'first stopped', 'stopped'],
    })
  })

  it('ends with 1 after an uncaught error, and stops everything first', async () => {
    const { code, messages } = await run('uncaught')
    expect(code).toBe(1)
    expect(messages).toEqual(
      expect.arrayContaining(['uncaught error', 'first stopped', 'stopped']) as string[],
    )
  })

  it('ends with 1 after an uncaught error while it stops', async () => {
    const { code, messages } = await run('uncaught-in-stop', 'ready')
    expect(code).toBe(1)
    expect(messages).toContain('uncaught error')
  })

  it.each(['stuck', 'unstoppable'])('cuts a service that is %s and ends with 1', async (how) => {
    expect(await run(how, 'ready')).toMatchObject({
      code: 1,
      messages: ['ready', 'first stopped', 'could not stop', 'stopped'],
    })
  })

  it('ends with 1 when a service fails to start, and stops those that did', async () => {
    expect(await run('unstartable')).toMatchObject({
      code: 1,
      messages: ['first stopped', 'could not start'],
    })
  })

  it('says what is wrong with its settings in words', async () => {
    expect(await run('misconfigured')).toEqual({
      code: 1,
      messages: ['first stopped'],
      errors: 'root cannot start with these settings:\n  - PORT: is taken\n  - HOST: is odd\n',
    })
  })
})
