import { setTimeout as wait } from 'node:timers/promises'
import { ConfigError } from './config.js'
import { createLogger, type Logger } from './logger.js'

export type Readiness = { ready: true } | { ready: false; reason: string }

/** Anything that runs: an engine's client, a subgraph, a worker, an HTTP server. */
export interface Service {
  readonly name: string
  start(): Promise<void>
  /** Answers at once from what is known, or after one cheap question to the dependency. Never rejects. */
  ready(): Promise<Readiness>
  /** Tells who asks that a stop comes, so that they turn elsewhere. Until then it goes on as before. */
  drain?(): void
  /** Waits for a start under way, finishes what is in flight; when `deadline` aborts, gives up on the rest. Idempotent. */
  stop(deadline: AbortSignal): Promise<void>
}

type State =
  | { phase: 'initialized' }
  | { phase: 'starting'; started: Promise<void> }
  | { phase: 'started' }
  | { phase: 'failed'; error: unknown }
  | { phase: 'stopping'; stopped: Promise<void> }
  | { phase: 'stopped' }

interface Hooks {
  name: string
  start?: () => Promise<void>
  ready?: () => Promise<Readiness>
  drain?: () => void
  stop?: (deadline: AbortSignal) => Promise<void>
}

/** Puts the lifecycle's rules around plain hooks: start once, ready only while started, stop once. */
export function createService({ name, ...hooks }: Hooks): Service {
  let state: State = { phase: 'initialized' }
  const begin = async () => {
    // the caller records `starting` before anything here can change the state again
    await Promise.resolve()
    const outcome = await attempt(hooks.start)
    // a stop that came meanwhile goes on from here
    if (state.phase === 'starting') {
      state = outcome.ok ? { phase: 'started' } : { phase: 'failed', error: outcome.error }
    }
    if (!outcome.ok) throw outcome.error
  }
  const end = async (deadline: AbortSignal, started: Promise<void> | undefined) => {
    await Promise.race([attempt(() => started), aborted(deadline)])
    try {
      await hooks.stop?.(deadline)
    } finally {
      state = { phase: 'stopped' }
    }
  }
  return {
    name,
    async start() {
      if (state.phase === 'starting') return state.started
      if (state.phase !== 'initialized') throw new Error(`${name} was already ${state.phase}`)
      const started = begin()
      state = { phase: 'starting', started }
      await started
    },
    async ready() {
      if (state.phase !== 'started') return { ready: false, reason: state.phase }
      return hooks.ready ? hooks.ready() : { ready: true }
    },
    drain: () => hooks.drain?.(),
    async stop(deadline) {
      if (state.phase === 'stopping') return state.stopped
      if (state.phase === 'stopped') return
      const stopped = end(deadline, state.phase === 'starting' ? state.started : undefined)
      state = { phase: 'stopping', stopped }
      await stopped
    },
  }
}

type Outcome = { ok: true } | { ok: false; error: unknown }

const attempt = async (step: (() => Promise<void> | undefined) | undefined): Promise<Outcome> => {
  try {
    await step?.()
    return { ok: true }
  } catch (error) {
    return { ok: false, error }
  }
}

/** Resolves when `signal` aborts, at once when it already has. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Starts in order; when one fails, stops those already started and rethrows. */
export async function startAll(services: readonly Service[], deadlineMs = 10_000): Promise<void> {
  for (const [index, service] of services.entries()) {
    try {
      await service.start()
    } catch (error) {
      await stopAll(services.slice(0, index + 1), AbortSignal.timeout(deadlineMs))
      throw error
    }
  }
}

// what a service that noticed the deadline has to cut its work
const GRACE_MS = 250

/** Stops in reverse order under one common deadline; one that ignores it is left behind. Returns what went wrong, by service. */
export async function stopAll(
  services: readonly Service[],
  deadline: AbortSignal,
): Promise<{ service: string; error: unknown }[]> {
  const failures: { service: string; error: unknown }[] = []
  for (const service of services.toReversed()) {
    const stopped = service.stop(deadline)
    const outcome = await attempt(() => Promise.race([stopped, overdue(deadline)]))
    if (!outcome.ok) failures.push({ service: service.name, error: outcome.error })
  }
  return failures
}

async function overdue(deadline: AbortSignal): Promise<never> {
  await aborted(deadline)
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS))
  throw new Error('did not stop within the deadline')
}

export interface ProcessOptions {
  log: Logger
  /** Milliseconds that they may take to stop. */
  shutdownMs: number
  /** Milliseconds between a signal and the stop, in which they are drained. */
  shutdownDelayMs?: number
}

/**
 * Runs services until SIGTERM or SIGINT, then drains them, stops them in reverse order and exits 0.
 * Exits 1 when a service fails to start, an error is uncaught or something would not stop in time.
 */
export async function runProcess(
  services: readonly Service[],
  { log, shutdownMs, shutdownDelayMs = 0 }: ProcessOptions,
): Promise<void> {
  const ending = new AbortController()
  let exitCode = 0
  const end = (code: 0 | 1) => {
    exitCode ||= code
    if (ending.signal.aborted) return
    ending.abort()
    // what is broken had better not go on
    const delayMs = code === 0 ? shutdownDelayMs : 0
    // also keeps the process alive: a stuck service may hold nothing that does, and would end it with 0
    setTimeout(() => process.exit(1), delayMs + shutdownMs + (services.length + 1) * GRACE_MS)
    for (const service of services) service.drain?.()
    const stop = async () => {
      if (delayMs > 0) await wait(delayMs)
      return stopAll(services, AbortSignal.timeout(shutdownMs))
    }
    void stop().then((failures) => {
      if (failures.length > 0) exitCode = 1
      for (const { service, error } of failures)
        log.error({ service, err: error }, 'could not stop')
      log.info('stopped')
      // an error thrown in the last moment still sets the exit code
      log.flush(() => setImmediate(() => process.exit(exitCode)))
    })
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'uncaught error')
      end(1)
    })
  }
  const started = await attempt(() => startAll(services, shutdownMs))
  // told to end while starting: that is no failure to start, and `end` exits
  if (ending.signal.aborted) return
  if (!started.ok) throw started.error
  log.info('ready')
}

/** The last resort of every `main.ts`: says what is wrong in words and ends with exit code 1. */
export function failProcess(name: string, error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(
      `${name} cannot start with these settings:\n${error.problems.map((line) => `  - ${line}`).join('\n')}\n`,
    )
  } else if (isBadArgument(error)) {
    process.stderr.write(`${name}: ${error.message}\n`)
  } else {
    createLogger({ name }).fatal({ err: error }, 'could not start')
  }
  process.exit(1)
}

/** What `parseArgs` of node:util throws for options that a program does not have. */
const isBadArgument = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS_')
