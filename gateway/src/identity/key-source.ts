import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface KeySourceOptions {
  url: URL
  /** How the URL is fetched; for a key set that this process serves itself. */
  fetch?: Fetch | undefined
  log: Logger
}

/** The public keys that access tokens are signed with. */
export interface KeySource {
  /** The key of a token's header. Rejects with DependencyError when the keys cannot be had. */
  readonly keyOf: JWTVerifyGetKey
  /**
   * Fetches the keys anew when there are any, whatever the time: one of them is revoked, and its successor signs already.
   */
  readonly reread: () => void
  /** The whole set, to be published. Rejects with DependencyError when it cannot be had. */
  readonly all: () => Promise<JSONWebKeySet>
}

const REFRESH_AFTER_MS = 5 * 60_000
const COOLDOWN_MS = 10_000
const TIMEOUT_MS = 3_000

const TOKEN_FAULTS = [
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSENotSupported,
]

/**
 * Keys are fetched when first needed and for an unknown key id, at most every 10 s, and are refreshed in the
 * background after 5 minutes: once there, they go on being used while their source is down. A token that names no key
 * matches none, or nobody could revoke the key it was signed with.
 */
export function createKeySource({ url, fetch, log }: KeySourceOptions): KeySource {
  const remote = createRemoteJWKSet(url, {
    cacheMaxAge: Infinity,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: TIMEOUT_MS,
    ...(fetch && { [customFetch]: fetch }),
  })
  let refreshAt = Date.now() + REFRESH_AFTER_MS
  let refreshing = Promise.resolve()
  let queued: Promise<void> | undefined
  // one after the other: an answer that is on its way may be older than the question
  const refresh = () => {
    refreshAt = Date.now() + COOLDOWN_MS
    queued ??= refreshing = refreshing.then(async () => {
      if (remote.reloading) await remote.reload().catch(() => undefined)
      queued = undefined
      await remote.reload().then(
        () => void (refreshAt = Date.now() + REFRESH_AFTER_MS),
        (error: unknown) => log.warn({ err: error }, 'could not refresh the token keys'),
      )
    })
  }
  const refreshWhenOld = () => {
    if (Date.now() >= refreshAt) refresh()
  }
  const find = async (...[header, token]: Parameters<JWTVerifyGetKey>) => {
    try {
      return await remote(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await refreshing
      return remote(header, token)
    }
  }
  return {
    async keyOf(header, token) {
      if (header.kid === undefined) throw new errors.JWKSNoMatchingKey()
      if (remote.jwks()) refreshWhenOld()
      return find(header, token).catch((error: unknown) => {
        throw TOKEN_FAULTS.some((fault) => error instanceof fault) ? error : unavailable(error)
      })
    },
    reread() {
      if (remote.jwks() || remote.reloading) refresh()
    },
    async all() {
      if (remote.jwks()) refreshWhenOld()
      else {
        await remote.reload().catch((error: unknown) => {
          throw unavailable(error)
        })
      }
      return remote.jwks()!
    },
  }
}

const unavailable = (cause: unknown) =>
  new DependencyError('jwks', 'the token keys cannot be fetched', { cause })
