import { buildSchema } from 'graphql'
import { Directive } from 'type-graphql'

/**
 * `maxAge`: seconds for which a copy may be given to anyone who is not logged in. `inheritMaxAge`: as long as what it is
 * in. `PRIVATE`: it depends on who asks, so that no copy is kept of an answer that has it.
 */
export type CacheHint =
  { readonly maxAge: number } | { readonly inheritMaxAge: true } | { readonly scope: 'PRIVATE' }

/**
 * How long caches may keep this field, or this type wherever it is returned. An answer is kept as long as the shortest hint
 * in it says; a root field, and a field that returns an object, is not kept at all without a hint of its own or its type.
 */
export const CacheControl = (hint: CacheHint): ReturnType<typeof Directive> =>
  Directive(`@cacheControl(${argumentsOf(hint)})`)

function argumentsOf(hint: CacheHint): string {
  if ('scope' in hint) return 'maxAge: 0, scope: PRIVATE'
  return 'maxAge' in hint ? `maxAge: ${hint.maxAge}` : 'inheritMaxAge: true'
}

/** The directive as Apollo Server reads it. Hints end at the subgraph: the composed schemas know nothing of them. */
export const CACHE_CONTROL = buildSchema(
  `directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
     on FIELD_DEFINITION | INTERFACE | OBJECT | UNION
   enum CacheControlScope { PRIVATE PUBLIC }`,
  { assumeValidSDL: true },
).getDirective('cacheControl')!
