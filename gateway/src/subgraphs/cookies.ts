import type { Logger } from '@cinegraph/kit/logger'
import { parseSetCookie, stringifyCookie } from 'cookie'

export interface SubgraphCookies {
  /** The `cookie` header of a call, of what the client sent; undefined when there is nothing for this subgraph. */
  headerOf(received: Readonly<Record<string, string>>): string | undefined
  /** Those of its `Set-Cookie` headers that reach the client. */
  passed(setCookie: readonly string[]): readonly string[]
}

const MAX_NAMES_LOGGED = 100

/** Lets the cookies `names` pass between the client and one subgraph, in both directions, and no other. */
export function createSubgraphCookies(names: readonly string[], log: Logger): SubgraphCookies {
  const dropped = new Set<string>()
  const drop = (cookieName: string) => {
    if (dropped.has(cookieName) || dropped.size >= MAX_NAMES_LOGGED) return
    dropped.add(cookieName)
    log.warn({ cookieName }, 'dropped a cookie that SUBGRAPH_COOKIES does not allow the subgraph')
  }
  return {
    headerOf(received) {
      const own = Object.entries(received).filter(([name]) => names.includes(name))
      return own.length > 0 ? stringifyCookie(Object.fromEntries(own)) : undefined
    },
    passed: (setCookie) =>
      setCookie.filter((header) => {
        const { name } = parseSetCookie(header)
        const allowed = names.includes(name)
        if (!allowed) drop(name)
        return allowed
      }),
  }
}
