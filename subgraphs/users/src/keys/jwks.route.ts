import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { KeyRing } from './key-ring.js'

/** GET `/.well-known/jwks.json`: what access tokens are verified with. Public, may be cached for five minutes. */
export const jwksRoute =
  (keys: KeyRing): Subgraph['publicRoutes'] =>
  async (app) => {
    app.get('/.well-known/jwks.json', async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=300, stale-if-error=86400')
        .type('application/jwk-set+json')
        .send(JSON.stringify(keys.jwks())),
    )
  }
