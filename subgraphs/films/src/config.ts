import { port, processEnv, urlOf } from '@cinegraph/kit/config'
import { publicJwk } from '@cinegraph/kit/jwk'
import { z } from 'zod'

export const filmsConfig = z.object({
  ...processEnv,
  PORT: port(4002).describe('port of GraphQL, health and metrics'),
  DATABASE_URL: urlOf('postgresql', 'postgres').describe('Postgres that holds the films'),
  SEARCH_URL: urlOf('postgresql', 'postgres').describe(
    'search index that lists, finds and counts films',
  ),
  CACHE_URL: urlOf('memory')
    .default('memory:')
    .describe('cache of films and lists, e.g. memory:?maxBytes=67108864'),
  GATEWAY_PUBLIC_KEY: publicJwk.describe('key that verifies the gateway, an Ed25519 JWK in JSON'),
})
