import { ConfigError } from './config.js'
import { createLogger, type Logger } from './logger.js'

export type Readiness = { ready: true } | { ready: false; reason: string }

/** Anything that runs: an engine's client, a subgraph, a worker, an HTTP server. */
export interface Service {
  readonly name: string
  start(): Promise<void>
  /** Answers at once from what is known, or after one cheap question to the dependency. Never rejects. */
  ready(): Promise<Readiness>
  /** Finishes what is in flight; when `deadline` aborts, gives up on the rest. Idempotent. */
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
  stop?: (deadline: AbortSignal) => Promise<void>
}

/** Puts the lifecycle's rules around plain hooks: start once, ready only while started, stop once. */
export function createService({ name, ...hooks }: Hooks): Service {
  let state: State = { phase: 'initialized' }
  const begin = async () => {
    // the caller records `starting` before anything here can change the state again
    await Promise.resolve()
    try {
      await hooks.start?.()
      state = { phase: 'started' }
    } catch (error) {
      state = { phase: 'failed', error }
      throw error
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
    async stop(deadline) {
      if (state.phase === 'stopping') return state.stopped
      if (state.phase === 'stopped') return
      const stopped = hooks.stop?.(deadline) ?? Promise.resolve()
      state = { phase: 'stopping', stopped }
      await stopped
      state = { phase: 'stopped' }
    },
  }
}

/** Starts in order; when one fails, stops those already started and rethrows. */
export async function startAll(services: readonly Service[], deadlineMs = 10_000): Promise<void> {
  for (const [index, service] of services.entries()) {
    try {
      await service.start()
    } catch (error) {
      await stopAll(services.slice(0, index + 1), deadlineMs)
      throw error
    }
  }
}

/** Stops in reverse order under one common deadline. Returns what went wrong, by service. */
export async function stopAll(
  services: readonly Service[],
  deadlineMs: number,
): Promise<{ service: string; error: unknown }[]> {
  const deadline = AbortSignal.timeout(deadlineMs)
  const failures: { service: string; error: unknown }[] = []
  for (const service of services.toReversed()) {
    await service.stop(deadline).catch((error: unknown) => {
      failures.push({ service: service.name, error })
    })
  }
  return failures
}

export interface ProcessOptions {
  log: Logger
  shutdownMs: number
}

/**
 * Runs services until SIGTERM or SIGINT, then stops them in reverse order and exits 0.
 * Exits 1 when a service fails to start, an error is uncaught or something would not stop in time.
 */
export async function runProcess(
  services: readonly Service[],
  { log, shutdownMs }: ProcessOptions,
): Promise<void> {
  let ending = false
  const end = (code: number) => {
    if (ending) return
    ending = true
    // a service that ignores its deadline must not keep the process alive
    setTimeout(() => process.exit(1), shutdownMs + 500).unref()
    void stopAll(services, shutdownMs).then((failures) => {
      for (const { service, error } of failures)
        log.error({ service, err: error }, 'could not stop')
      log.info('stopped')
      log.flush(() => process.exit(failures.length > 0 ? 1 : code))
    })
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'uncaught error')
      end(1)
    })
  }
  await startAll(services, shutdownMs)
  log.info('ready')
}

/** The last resort of every `main.ts`: says what is wrong in words and ends with exit code 1. */
export function failProcess(name: string, error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(
      `${name} cannot start with these settings:\n${error.problems.map((line) => `  - ${line}`).join('\n')}\n`,
    )
  } else {
    createLogger({ name }).fatal({ err: error }, 'could not start')
  }
  process.exit(1)
}
