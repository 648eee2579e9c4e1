import {
  accessTokenEnv,
  flag,
  httpPort,
  integer,
  list,
  processEnv,
  urlOf,
} from '@cinegraph/kit/config'
import { privateJwk } from '@cinegraph/kit/jwk'
import { z } from 'zod'
import { OPERATION_LIMITS } from './limits/operation-limits.js'

const milliseconds = (fallback: number) => integer({ min: 1, max: 600_000, default: fallback })

const limit = (name: keyof typeof OPERATION_LIMITS) =>
  integer({ min: 1, max: 1_000_000, default: OPERATION_LIMITS[name] })

const MESSAGE_OF_URLS =
  'must look like films=http://host:4002/graphql,people=http://host:4003/graphql'
const namedUrls = list
  .transform((items) =>
    items.map((item) => {
      const [name = '', ...url] = item.split('=')
      return [name.trim(), url.join('=').trim()] as const
    }),
  )
  .refine(
    (pairs) => pairs.every(([name, url]) => name !== '' && URL.canParse(url)),
    MESSAGE_OF_URLS,
  )
  .transform((pairs) => Object.fromEntries(pairs))

const cookieName = /^[\w!#$%&'*+.^`|~-]+$/
const MESSAGE_OF_COOKIES = 'must look like users=__Host-access,users=__Host-refresh'
const namesOfCookies = list
  .transform((items) => items.map((item) => item.split('=').map((it) => it.trim())))
  .refine(
    (pairs) =>
      pairs.every(([name = '', cookie = '', ...more]) => {
        return name !== '' && cookieName.test(cookie) && more.length === 0
      }),
    MESSAGE_OF_COOKIES,
  )
  .transform((pairs) => {
    const cookies: Record<string, string[]> = {}
    for (const [name = '', cookie = ''] of pairs) (cookies[name] ??= []).push(cookie)
    return cookies
  })

const proxy = z.union([
  z.enum(['loopback', 'linklocal', 'uniquelocal']),
  z.ipv4(),
  z.ipv6(),
  z.cidrv4(),
  z.cidrv6(),
])
const proxies = list.refine(
  (items) => items.every((item) => proxy.safeParse(item).success),
  'must be IP addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
)

const origins = list.refine(
  (items) => items.every((item) => URL.canParse(item) && new URL(item).origin === item),
  'must be origins such as https://cinema.example,http://localhost:5173, without a path',
)

export const gatewayConfig = z
  .object({
    ...processEnv,
    SUPERGRAPH_PATH: z.string().describe('file of the composed supergraph'),
    PORT: httpPort(4000),
    SUBGRAPH_URLS: namedUrls
      .optional()
      .describe('URLs that replace those of the supergraph: name=url,name=url'),
    JWKS_URL: urlOf('http', 'https')
      .optional()
      .describe('public keys of access tokens; without it everyone is anonymous'),
    ...accessTokenEnv,
    REVOCATIONS_URL: urlOf('http', 'https')
      .optional()
      .describe('feed of revoked access tokens; without it tokens are good until they expire'),
    ACCESS_TOKEN_COOKIE: z
      .string()
      .regex(cookieName, 'must be the name of a cookie')
      .optional()
      .describe('cookie that holds an access token when there is no Authorization header'),
    TOKEN_RENEWAL_FIELDS: list
      .optional()
      .describe(
        'fields of Query and Mutation, such as refreshSession, that answer also when the token in the cookie is refused',
      ),
    SUBGRAPH_COOKIES: namesOfCookies
      .default({})
      .describe('cookies that pass between client and subgraph: name=cookie,name=cookie'),
    GATEWAY_SIGNING_KEY: privateJwk
      .optional()
      .describe('key that tells Cinegraph subgraphs who asks, a private Ed25519 JWK in JSON'),
    TRUST_PROXY: proxies
      .optional()
      .describe('proxies whose X-Forwarded-For, -Proto and -Host headers are believed'),
    CORS_ORIGINS: origins
      .optional()
      .describe(
        'origins whose pages may call, and send cookies; unset: localhost and Apollo Sandbox, without cookies',
      ),
    EXPLORER: z
      .enum(['sandbox', 'graphiql', 'off'], 'must be sandbox, graphiql or off')
      .default('sandbox')
      .describe(
        'page for browsers on /graphql: Apollo Sandbox (offline: GraphiQL), GraphiQL or off',
      ),
    EXPLORER_EXAMPLES: z
      .string()
      .optional()
      .describe('GraphQL file whose operations GraphiQL opens, a tab each, and Sandbox the first'),
    INTROSPECTION: flag(true).describe('whether clients may read the schema'),
    UNAUTHORIZED_FIELDS: z
      .enum(['null', 'reject'], 'must be null or reject')
      .default('null')
      .describe(
        'fields that a viewer may not have are null, or the operation is refused as a whole',
      ),
    REQUEST_TIMEOUT_MS: milliseconds(15_000).describe(
      'milliseconds that a client request may take; late subgraphs become errors in its answer',
    ),
    SUBGRAPH_TIMEOUT_MS: milliseconds(10_000).describe(
      'milliseconds that a subgraph call may take',
    ),
    SUBGRAPH_CONNECT_TIMEOUT_MS: milliseconds(2_000).describe(
      'milliseconds that connecting to a subgraph may take',
    ),
    SUBGRAPH_CONNECTIONS: integer({ min: 1, max: 10_000, default: 100 }).describe(
      'connections to each subgraph at most',
    ),
    SUBGRAPH_RESPONSE_LIMIT_BYTES: integer({
      min: 1024,
      max: 1024 ** 3,
      default: 32 * 1024 ** 2,
    }).describe('bytes that a subgraph may answer at most'),
    BODY_LIMIT_BYTES: integer({ min: 1024, max: 1024 ** 3, default: 1024 ** 2 }).describe(
      'bytes that a client may send at most',
    ),
    MAX_OPERATION_CHARACTERS: limit('characters').describe('characters of a GraphQL document'),
    MAX_OPERATION_TOKENS: limit('tokens').describe(
      'words and signs that a GraphQL document may have',
    ),
    MAX_OPERATION_DEPTH: limit('depth').describe(
      'levels of fields inside fields; not of introspection',
    ),
    MAX_OPERATION_FIELDS: limit('fields').describe(
      'fields that an operation may ask for, those of a fragment counted wherever it is used',
    ),
    MAX_OPERATION_ROOT_FIELDS: limit('rootFields').describe(
      'fields of Query or Mutation among them',
    ),
    MAX_OPERATION_ALIASES: limit('aliases').describe('fields with an alias among them'),
    MAX_OPERATION_DIRECTIVES: limit('directives').describe('directives that an operation may use'),
    MAX_OPERATION_NODES: limit('nodes').describe(
      'list items that an operation may announce: the product of `first`, `last`, `limit` down the tree',
    ),
  })
  .refine((it) => it.ACCESS_TOKEN_COOKIE === undefined || it.TOKEN_RENEWAL_FIELDS?.length, {
    path: ['TOKEN_RENEWAL_FIELDS'],
    message:
      'is required by ACCESS_TOKEN_COOKIE, or a browser could never renew a token that has expired',
  })
  .refine((it) => it.REVOCATIONS_URL === undefined || it.JWKS_URL !== undefined, {
    path: ['JWKS_URL'],
    message: 'is required by REVOCATIONS_URL',
  })

export type GatewayConfig = z.output<typeof gatewayConfig>
