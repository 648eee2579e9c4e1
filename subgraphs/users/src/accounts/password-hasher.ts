import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from '@cinegraph/kit/client'
import { DependencyError, OverloadError } from '@cinegraph/kit/errors'
import { Counter, Gauge, Histogram, Registry } from '@cinegraph/kit/metrics'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createLimiter, type Limiter } from '@cinegraph/kit/limiter'
import type { Logger } from '@cinegraph/kit/logger'
import { networksOf } from '../limits/client-network.js'
import { createShares } from '../limits/network-shares.js'
import { createOccasional } from './occasional-warning.js'

export interface PasswordHasherOptions {
  /** Cost of one hash: memory in KiB, passes over it, threads. */
  memoryKiB: number
  passes: number
  parallelism: number
  /** Hashes computed at the same time. */
  atOnce: number
  /** Hashes that may wait for their turn. */
  queue: number
  /** Hashes of one sender that are computed or wait. */
  perAddress: number
}

export interface PasswordCheck {
  readonly matches: boolean
  /** A hash of the same password at today's cost, when the stored one was made at another. */
  readonly replacement?: string
}

/** For whom a password is hashed, and whether they still wait for it. Without a client it is for ourselves. */
export interface HashedFor {
  readonly client?: Pick<Client, 'address'>
  readonly signal?: AbortSignal | undefined
}

export interface TypedPassword extends HashedFor {
  readonly password: string
}

/**
 * argon2id. Throws an OverloadError when too many already wait, all together or for one sender, who so takes no more than some
 * of the places; who goes away while waiting is not hashed for.
 */
export interface PasswordHasher {
  hash(password: string, who?: HashedFor): Promise<string>
  /** Without a stored hash it does the same work and does not match: the time does not tell whether there is an account. */
  check(stored: string | undefined, typed: TypedPassword): Promise<PasswordCheck>
}

const ENGINE = 'password hashing'

export interface HasherReports {
  metrics?: Registry
  log?: Logger
}

/** Reports its work to `metrics`, and to `log` that it refuses some. */
export function createPasswordHasher(
  options: PasswordHasherOptions,
  { metrics = new Registry(), log }: HasherReports = {},
): PasswordHasher {
  // the library's default algorithm is argon2id
  const cost = {
    memoryCost: options.memoryKiB,
    timeCost: options.passes,
    parallelism: options.parallelism,
  }
  const warn = createOccasional(log)
  const refuseBy = (by: 'queue' | 'address') => () => {
    measured.refused.inc({ by })
    warn('passwords are refused because too many wait to be hashed')
    return new OverloadError(ENGINE, 'too many passwords wait to be hashed')
  }
  const shared = createShares({ most: options.perAddress, refuse: refuseBy('address') })
  const limited = createLimiter({
    ...options,
    refuse: refuseBy('queue'),
    abandon: () => new DependencyError(ENGINE, 'nobody waits for the answer any more'),
  })
  const measured = createHasherMetrics(metrics, limited)
  const inTurn = <T>({ client, signal }: HashedFor, work: () => Promise<T>) =>
    shared(client ? networksOf(client.address) : [], () =>
      limited(async () => {
        const end = measured.seconds.startTimer()
        return work().finally(end)
      }, signal),
    )
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
    hash: (password, who = {}) => inTurn(who, () => hash(password, cost)),
    check: (stored, { password, ...who }) =>
      inTurn(who, async () => {
        // made for everyone's first check, or it would make the first unknown login slower
        const nobody = await hashOfNobody()
        const matches = await verify(stored ?? nobody, password)
        if (!matches || stored === undefined) return { matches: false }
        return isOutdated(stored)
          ? { matches, replacement: await hash(password, cost) }
          : { matches }
      }),
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
      help: 'Passwords refused because too many waited, by what was full: the queue, or the share of an address',
      labelNames: ['by'] as const,
      registers,
    }),
  }
}
