import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie'

/** Cookies of one request. A gateway lets pass only those that its settings allow this subgraph. */
export interface Cookies {
  get(name: string): string | undefined
  /** Goes out with the answer. */
  set(cookie: SetCookie): void
}

/** Reads a `Cookie` header; `toSet` holds the `Set-Cookie` headers of the answer. */
export function createCookies(header: string | undefined): Cookies & { toSet: readonly string[] } {
  const received = parseCookie(header ?? '')
  const toSet: string[] = []
  return {
    get: (name) => received[name],
    set: (cookie) => void toSet.push(stringifySetCookie(cookie)),
    toSet,
  }
}
