/** What a client has to know to go on as whoever is logged in. */
export interface StoredSession {
  /** Another one after every refresh. */
  readonly id: string
  /** Null when the browser keeps them in cookies that no script can read. */
  readonly tokens: { readonly access: string; readonly refresh: string } | null
  /** Milliseconds since 1970 by this device's clock, from which to refresh ahead; null when that clock is wrong. */
  readonly renewAt: number | null
}

/** Where the session is kept between requests. Several clients may share one, such as the tabs of a browser. */
export interface SessionStorage {
  load(): StoredSession | undefined | Promise<StoredSession | undefined>
  /** `undefined` forgets it. */
  save(session: StoredSession | undefined): void | Promise<void>
}

/** Forgets the session with the page or process. */
export function memoryStorage(): SessionStorage {
  let kept: StoredSession | undefined
  return {
    load: () => kept,
    save(session) {
      kept = session
    },
  }
}

/** The part of the browser's `Storage` that is needed. */
export interface WebStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Keeps the session in `localStorage` (all tabs, survives restarts) or `sessionStorage` (one tab). */
export function webStorage(storage: WebStorage, key = 'cinegraph.session'): SessionStorage {
  return {
    load() {
      try {
        return (JSON.parse(storage.getItem(key) ?? 'null') as StoredSession | null) ?? undefined
      } catch {
        // whatever wrote this, it was not us
        return undefined
      }
    },
    save(session) {
      if (session) storage.setItem(key, JSON.stringify(session))
      else storage.removeItem(key)
    },
  }
}
