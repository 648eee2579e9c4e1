import type { Postgres } from '@cinegraph/engines/postgres/open'
import { ConfigError } from '@cinegraph/kit/config'
import { serveSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { HttpServer } from '@cinegraph/kit/http/server'
import { createMetrics } from '@cinegraph/kit/metrics'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openAnother, settings, startUsers } from './start-users.js'

const SERVICES = 4
const services: (Postgres | Subgraph | HttpServer)[] = []
let users: Awaited<ReturnType<typeof startUsers>>[]
let postgres: Postgres
let url: URL

const serve = async (subgraph: Subgraph): Promise<HttpServer> => {
  const server = await serveSubgraph(subgraph, {
    host: '127.0.0.1',
    port: 0,
    log: memoryLog().log,
    metrics: createMetrics(),
    dependencies: [],
  })
  services.push(server)
  await server.start()
  return server
}

beforeAll(async () => {
  const database = await createTestDatabase()
  const pools = Array.from({ length: SERVICES }, () => openAnother(database.url))
  services.push(...pools)
  await Promise.all(pools.map((it) => it.start()))
  postgres = pools[0]!
  users = await Promise.all(pools.map((it) => startUsers(it)))
  services.push(...users.map((it) => it.subgraph))
  url = new URL('/.well-known/jwks.json', (await serve(users[0]!.subgraph)).url)
})

afterAll(async () => {
  for (const service of services.reverse()) await service.stop(AbortSignal.timeout(10_000))
})

it('has one key, however many processes start at once on an empty database', async () => {
  expect(await postgres.prisma.signingKey.count()).toBe(1)
})

it('publishes its keys without an identity, to be cached', async () => {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/jwk-set\+json/)
  expect(response.headers.get('cache-control')).toMatch(/^public, max-age=300\b/)
  expect(await response.json()).toEqual({
    keys: [
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        kid: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        alg: 'EdDSA',
        use: 'sig',
      },
    ],
  })
})

it('issues access tokens that verify against the published keys, whichever process issued them', async () => {
  const keys = createRemoteJWKSet(url)
  const { user } = await users[0]!.register({ login: 'herzog' })
  await users[0]!.accounts.ensure({ login: 'herzog', password: 'not used', roles: ['admin'] })
  for (const process of users) {
    const session = await process.logIn('herzog')
    const { payload, protectedHeader } = await jwtVerify(session.accessToken, keys, {
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      issuer: settings.accessToken.issuer,
      audience: settings.accessToken.audience,
    })
    expect(protectedHeader.kid).toBeDefined()
    expect(payload).toMatchObject({ sub: user.id, roles: ['admin', 'user'] })
    expect(payload['permissions']).toContain('users:read')
    expect(payload.exp! - payload.iat!).toBe(600)
    expect(session.accessTokenExpiresAt).toBe(new Date(payload.exp! * 1000).toISOString())
    expect(payload['sid']).not.toBe(payload.jti)
  }
})

it('keeps the private key in the database only encrypted', async () => {
  const [row] = await postgres.prisma.$queryRaw<{ text: string }[]>`
    SELECT k::text || encode(encrypted_private, 'escape') AS text FROM users.signing_key k`
  expect(row?.text).toContain('Ed25519')
  expect(row?.text).not.toContain('"d":')
})

it('does not start with another secret, and names the setting', async () => {
  const start = startUsers(postgres, {
    keyEncryptionSecret: 'another secret of 32 characters and more',
  })
  const error: unknown = await start.catch((it: unknown) => it)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toMatchObject({
    problems: [expect.stringMatching(/^USERS_KEY_ENCRYPTION_SECRET: does not open/)],
  })
})
