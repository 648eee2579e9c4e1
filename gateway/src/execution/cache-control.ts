import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server'
import { OperationTypeNode } from 'graphql'
import type { GatewayContext } from './context.js'

/** For how long caches may share what was answered so far: as long as the shortest of all answers of subgraphs. */
export type CachePolicy = GraphQLRequestContext<GatewayContext>['overallCachePolicy']

/**
 * Lets caches share an answer as long as all subgraphs do that it came from. One that is for a single client, has errors
 * or changed something is never kept: `no-store`.
 */
export const cacheControl: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, operation, overallCachePolicy, response }) {
        const { body } = response
        const isShared =
          !contextValue.personal &&
          contextValue.cookies.toSet.length === 0 &&
          operation?.operation === OperationTypeNode.QUERY &&
          body.kind === 'single' &&
          !body.singleResult.errors
        const seconds = isShared ? (overallCachePolicy.maxAge ?? 0) : 0
        const value = seconds > 0 ? `public, max-age=${seconds}` : 'no-store'
        response.http.headers.set('cache-control', value)
      },
    }
  },
}

/**
 * For how many seconds a header `Cache-Control` lets everyone share a copy. 0 when it does not say `public`: what a
 * subgraph says nothing of may be for one viewer alone.
 */
export function sharedSeconds(header: string | undefined): number {
  const directives = (header ?? '').split(',').map((it) => it.trim().toLowerCase())
  if (!directives.includes('public') || directives.some((it) => FORBIDS.test(it))) return 0
  const ages = directives.map((it) => MAX_AGE.exec(it)?.[1]).filter((it) => it !== undefined)
  return ages.length === 1 ? Number(ages[0]) : 0
}

const FORBIDS = /^(private|no-store|no-cache)\b/
const MAX_AGE = /^max-age=(\d{1,9})$/
