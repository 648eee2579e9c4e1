import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { DependencyError } from '@cinegraph/kit/errors'
import { Counter, Gauge, Histogram, Registry } from '@cinegraph/kit/metrics'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createLimiter, type Limiter } from '@cinegraph/kit/limiter'

export interface PasswordHasherOptions {
  /** Cost of one hash: memory in KiB, passes over it, threads. */
  memoryKiB: number
  passes: number
  parallelism: number
  /** Hashes computed at the same time. */
  atOnce: number
  /** Hashes that may wait for their turn. */
  queue: number
}

export interface PasswordCheck {
  readonly matches: boolean
  /** A hash of the same password at today's cost, when the stored one was made at another. */
  readonly replacement?: string
}

/** What somebody typed, and whether they still wait for the answer. */
export interface TypedPassword {
  readonly password: string
  readonly signal?: AbortSignal | undefined
}

/** argon2id. Throws a DependencyError when too many already wait; who goes away while waiting is not hashed for. */
export interface PasswordHasher {
  hash(password: string, signal?: AbortSignal): Promise<string>
  /** Without a stored hash it does the same work and does not match: the time does not tell whether there is an account. */
  check(stored: string | undefined, typed: TypedPassword): Promise<PasswordCheck>
}

const ENGINE = 'password hashing'

/** Reports its work to `metrics`. */
export function createPasswordHasher(
  options: PasswordHasherOptions,
  metrics: Registry = new Registry(),
): PasswordHasher {
  // the library's default algorithm is argon2id
  const cost = {
    memoryCost: options.memoryKiB,
    timeCost: options.passes,
    parallelism: options.parallelism,
  }
  const limited = createLimiter({
    ...options,
    refuse() {
      measured.refused.inc()
      return new DependencyError(ENGINE, 'too many passwords wait to be hashed')
    },
    abandon: () => new DependencyError(ENGINE, 'nobody waits for the answer any more'),
  })
  const measured = createHasherMetrics(metrics, limited)
  const inTurn = <T>(work: () => Promise<T>, signal: AbortSignal | undefined) =>
    limited(async () => {
      const end = measured.seconds.startTimer()
      return work().finally(end)
    }, signal)
  const isOutdated = (stored: string) => {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored)
    return !isDeepStrictEqual({ memoryCost, timeCost, parallelism }, cost)
  }
  let dummy: Promise<string> | undefined
  const hashOfNobody = () =>
    (dummy ??= hash(randomBytes(32), cost).catch((error: unknown) => {
      dummy = undefined
      throw error
    }))
  return {
    hash: (password, signal) => inTurn(() => hash(password, cost), signal),
    check: (stored, { password, signal }) =>
      inTurn(async () => {
        // made for everyone's first check, or it would make the first unknown login slower
        const nobody = await hashOfNobody()
        const matches = await verify(stored ?? nobody, password)
        if (!matches || stored === undefined) return { matches: false }
        return isOutdated(stored)
          ? { matches, replacement: await hash(password, cost) }
          : { matches }
      }, signal),
  }
}

function createHasherMetrics(registry: Registry, limiter: Limiter) {
  const registers = [registry]
  new Gauge({
    name: 'cinegraph_users_password_hashing_waiting',
    help: 'Passwords that wait to be hashed',
    registers,
    collect() {
      this.set(limiter.waiting())
    },
  })
  return {
    seconds: new Histogram({
      name: 'cinegraph_users_password_hashing_seconds',
      help: 'Seconds to hash or check one password, without waiting',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    refused: new Counter({
      name: 'cinegraph_users_password_hashing_refused_total',
      help: 'Passwords refused because too many waited',
      registers,
    }),
  }
}
