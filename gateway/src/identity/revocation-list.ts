import { type Clock, systemClock } from '@cinegraph/kit/clock'
import type { Revocation } from '@cinegraph/kit/revocations'

/** What of an access token can be revoked. */
export interface RevocableToken {
  readonly sessionId: string
  readonly userId: string
  readonly generation: number
  readonly keyId: string | undefined
}

/** The revocations in force. */
export interface RevocationList {
  add(revocations: readonly Revocation[]): void
  /** What is revoked of a token: its session, or the token alone, so that the session may have a new one. */
  find(token: RevocableToken): 'session' | 'token' | undefined
  /** Forgets those that have expired; looks at most every 10 s. */
  sweep(): void
  readonly size: number
}

interface Entry {
  /** The first generation that is not revoked. */
  accepted: number
  expiresAt: number
}

const SWEEP_EVERY_MS = 10_000

export function createRevocationList(now: Clock = systemClock): RevocationList {
  const entries = new Map<string, Entry>()
  let sweepAt = 0
  const accepted = (kind: Kind, id: string | undefined) =>
    id === undefined ? 0 : (entries.get(`${kind} ${id}`)?.accepted ?? 0)
  return {
    add(revocations) {
      for (const revocation of revocations) {
        const { key, ...entry } = entryOf(revocation)
        const known = entries.get(key) ?? entry
        entries.set(key, {
          accepted: Math.max(known.accepted, entry.accepted),
          expiresAt: Math.max(known.expiresAt, entry.expiresAt),
        })
      }
    },
    find({ sessionId, userId, generation, keyId }) {
      if (generation < accepted('session', sessionId)) return 'session'
      const first = Math.max(accepted('user', userId), accepted('key', keyId))
      return generation < first ? 'token' : undefined
    },
    sweep() {
      const time = now().getTime()
      if (time < sweepAt) return
      sweepAt = time + SWEEP_EVERY_MS
      for (const [key, { expiresAt }] of entries) if (expiresAt <= time) entries.delete(key)
    },
    get size() {
      return entries.size
    },
  }
}

type Kind = 'session' | 'user' | 'key'

function entryOf(revocation: Revocation): Entry & { key: `${Kind} ${string}` } {
  const expiresAt = Date.parse(revocation.expiresAt)
  if ('userId' in revocation) {
    return { key: `user ${revocation.userId}`, accepted: revocation.generation, expiresAt }
  }
  const key: `${Kind} ${string}` =
    'sessionId' in revocation ? `session ${revocation.sessionId}` : `key ${revocation.keyId}`
  return { key, accepted: Infinity, expiresAt }
}
