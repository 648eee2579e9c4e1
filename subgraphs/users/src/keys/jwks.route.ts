import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { KeyRing } from './key-ring.js'

/** How long the keys may be cached. A new key is published at least that long before it signs. */
export const JWKS_MAX_AGE_SECONDS = 300

/** GET `/.well-known/jwks.json`: what access tokens are verified with. Public, may be cached for five minutes. */
export const jwksRoute =
  (keys: KeyRing): Subgraph['publicRoutes'] =>
  async (app) => {
    app.get('/.well-known/jwks.json', async (_request, reply) =>
      reply
        .header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}, stale-if-error=86400`)
        .type('application/jwk-set+json')
        .send(JSON.stringify(await keys.jwks())),
    )
  }
