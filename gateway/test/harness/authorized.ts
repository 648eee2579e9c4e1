import type { GatewayOptions } from '@cinegraph/gateway/gateway'
import { type Answer, startGuarded } from './gateway.js'
import { startTokenIssuer } from './token-issuer.js'

/** `startGuarded` with access tokens: `bearer` are headers of a user with these permissions. */
export async function startAuthorized(options: Partial<GatewayOptions> = {}) {
  const tokens = await startTokenIssuer()
  const toys = await startGuarded({ tokens, ...options })
  const bearer = async (...permissions: string[]) => ({
    authorization: `Bearer ${await tokens.token({ permissions })}`,
  })
  /** What subgraphs were asked. */
  const sent = () =>
    [...toys.subgraphs.shelves.received, ...toys.subgraphs.reviews.received].map((it) => it.query)
  return { ...toys, bearer, sent }
}

export const told = ({ errors }: Answer) =>
  errors.map(({ path, message }) => [path?.join('.'), message] as const)
export const pathsIn = (answer: Answer) => told(answer).map(([path]) => path)
