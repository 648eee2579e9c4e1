import { CinegraphError } from './errors.js'
import type { SessionTokensFragment } from './generated/operations.js'
import type { SessionStorage, StoredSession } from './session-storage.js'

const RENEW_BEFORE_MS = 30_000

export interface SessionsOptions {
  storage: SessionStorage
  /** Exchanges a refresh token, by default that of the cookie, for new tokens; rejects with a CinegraphError. */
  refresh: (refreshToken: string | undefined) => Promise<SessionTokensFragment>
  onSignedOut: () => void
  /** Milliseconds since 1970. */
  now: () => number
}

/** Keeps the session fresh. Requests at the same time share one refresh: a refresh token counts once. */
export class Sessions {
  #refreshing: Promise<StoredSession | undefined> | undefined

  constructor(private readonly options: SessionsOptions) {}

  async begin(tokens: SessionTokensFragment): Promise<void> {
    await this.options.storage.save(this.#stored(tokens))
  }

  /** The session to send a request with, refreshed ahead when its access token is about to expire. */
  async current(): Promise<StoredSession | undefined> {
    const session = await this.options.storage.load()
    if (!session || session.renewAt === null || this.options.now() < session.renewAt) return session
    // the old token may hold for some seconds yet; if it does not, the server says so
    return this.renew(session).catch(() => session)
  }

  /** The session that was, which is unknown here from now on. */
  async forget(): Promise<StoredSession | undefined> {
    const session = await this.options.storage.load()
    await this.options.storage.save(undefined)
    return session
  }

  /**
   * A newer session than `stale`, or undefined when it has ended. Rejects when that cannot be told now. Without `stale`:
   * the session whose refresh token is in a cookie.
   */
  async renew(stale: StoredSession | undefined): Promise<StoredSession | undefined> {
    const session = await this.options.storage.load()
    // somebody else was faster, perhaps another tab
    if (session?.id !== stale?.id) return session
    this.#refreshing ??= this.#refresh(session).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** New tokens of this session, which are not kept; undefined when it has ended. Rejects when that cannot be told now. */
  async exchange(stale: StoredSession | undefined): Promise<StoredSession | undefined> {
    try {
      return this.#stored(await this.options.refresh(stale?.tokens?.refresh))
    } catch (error) {
      if (error instanceof CinegraphError && error.code === 'UNAUTHENTICATED') return undefined
      throw error
    }
  }

  async #refresh(stale: StoredSession | undefined): Promise<StoredSession | undefined> {
    const { storage, onSignedOut } = this.options
    const renewed = await this.exchange(stale)
    const kept = await storage.load()
    // someone logged in meanwhile: that session counts, not the answer for the old one
    if (kept?.id !== stale?.id) return kept
    await storage.save(renewed)
    if (!renewed) onSignedOut()
    return renewed
  }

  #stored({ accessToken, refreshToken, ...session }: SessionTokensFragment): StoredSession {
    const now = this.options.now()
    const renewAt = Date.parse(session.accessTokenExpiresAt) - RENEW_BEFORE_MS
    return {
      id: crypto.randomUUID(),
      tokens: accessToken && refreshToken ? { access: accessToken, refresh: refreshToken } : null,
      // new tokens that seem to expire already: the clock is wrong, so wait until the server refuses one
      renewAt: renewAt > now ? renewAt : null,
    }
  }
}
