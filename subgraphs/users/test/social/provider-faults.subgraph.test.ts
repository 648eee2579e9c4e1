import { generateKeyPairSync } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MAX_ANSWER_BYTES } from '../../src/social/bounded-fetch.js'
import {
  CLIENT,
  type Handler,
  json,
  REDIRECT_URI,
  somebody,
  startProvider,
  type TestProvider,
} from './provider.js'
import { type ProviderName, type Social, startSocial } from './start-social.js'

const DISCOVERY = '/.well-known/openid-configuration'

let postgres: Postgres
let provider: TestProvider
let social: Social

beforeAll(async () => {
  postgres = await openTestPostgres()
  provider = await startProvider()
  social = await startSocial(postgres, provider)
})
afterAll(() => provider.stop())
beforeEach(() => {
  provider.visitor = somebody()
  provider.faults.clear()
})

const hangUp: Handler = ({ socket }) => socket.destroy()
const text =
  (body: string, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)
  }
const redirect: Handler = (_, response) => {
  response.writeHead(302, { location: `${provider.url}/elsewhere` }).end()
}

/** It must be said that the provider is not available, not who it is, and that the flow is spent. */
async function expectUnavailable(name: ProviderName, users = social) {
  const callback = await users.comeBack(await users.start(name))
  const { message, extensions } = await users.completeError(callback)
  expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
  expect(message).not.toMatch(/google|yandex|oauth|token/i)
  const subject = provider.visitor.sub
  expect(await postgres.prisma.socialAccount.count({ where: { subject } })).toBe(0)
  provider.faults.clear()
  expect(await users.complete(callback)).toMatchObject({ __typename: 'SocialFlowEnded' })
}

/** What the log tells the operator. */
const lastFailure = ({ lines } = social) =>
  (lines.findLast((it) => it.level === 'error')!['err'] as { message: string }).message

describe.each(['GOOGLE', 'YANDEX'] as const)('%s', (name) => {
  it.each<[string, Handler]>([
    ['hangs up', hangUp],
    ['is broken', text('Internal Server Error', 500)],
    ['is broken in JSON', json({ error: 'server_error' }, 503)],
    ['answers with a page', text('<h1>Maintenance</h1>')],
    ['answers with something else', json(['what', 'is', 'this'])],
    ['answers with no token', json({ token_type: 'bearer' })],
    ['answers without end', text('x'.repeat(MAX_ANSWER_BYTES + 1))],
    ['sends us elsewhere', redirect],
  ])('that %s is not available', async (_, fault) => {
    provider.faults.set('/token', fault)
    await expectUnavailable(name)
    expect(provider.asked).not.toContain('/elsewhere')
  })

  it('that does not answer in time is not available', async () => {
    const hasty = await startSocial(postgres, provider, { change: { timeoutMs: 500 } })
    provider.faults.set('/token', () => {})
    await expectUnavailable(name, hasty)
    expect(lastFailure(hasty)).toContain('TimeoutError')
  })

  it('that does not know us any more is for the operator to put right', async () => {
    provider.faults.set('/token', json({ error: 'invalid_client' }, 401))
    await expectUnavailable(name)
    expect(lastFailure()).toContain('invalid_client')
  })

  it('is counted by outcome', async () => {
    await social.signIn(name)
    const metrics = await social.metrics.metrics()
    expect(metrics).toMatch(
      new RegExp(
        `cinegraph_users_social_provider_duration_seconds_count{provider="${name}",outcome="identified"} [1-9]`,
      ),
    )
  })
})

describe('Google', () => {
  const asked = { provider: 'GOOGLE', redirectUri: REDIRECT_URI } as const
  const claims = (nonce: string) => ({
    iss: provider.url,
    aud: CLIENT.clientId,
    sub: provider.visitor.sub,
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 600,
    nonce,
  })
  /** A sign-in whose code is exchanged for an ID token made here. */
  const answeredWith = async (token: (nonce: string) => Promise<string>) => {
    const flow = await social.start('GOOGLE')
    const nonce = new URL(flow.authorizationUrl).searchParams.get('nonce')!
    const id_token = await token(nonce)
    provider.faults.set('/token', json({ access_token: 'a', token_type: 'bearer', id_token }))
    return social.comeBack(flow)
  }
  const expectDisbelief = async (token: (nonce: string) => Promise<string>, reason: string) => {
    const { extensions } = await social.completeError(await answeredWith(token))
    expect(extensions.code).toBe('SERVICE_UNAVAILABLE')
    expect(lastFailure()).toContain(reason)
  }

  it('is asked for its addresses again until it has given them', async () => {
    const users = await startSocial(postgres, provider)
    provider.faults.set(DISCOVERY, hangUp)
    expect((await users.startError(asked)).extensions.code).toBe('SERVICE_UNAVAILABLE')
    provider.faults.clear()
    expect(await users.signIn('GOOGLE')).toMatchObject({ __typename: 'Session' })
  })

  it('is asked for its addresses once', async () => {
    const users = await startSocial(postgres, provider)
    const before = provider.asked.length
    await Promise.all(Array.from({ length: 5 }, () => users.start('GOOGLE')))
    await users.signIn('GOOGLE')
    const since = provider.asked.slice(before)
    expect(since.filter((path) => path === DISCOVERY)).toHaveLength(1)
  })

  it('is not believed when another issuer answers in its place', async () => {
    const users = await startSocial(postgres, provider)
    provider.faults.set(DISCOVERY, json({ issuer: 'https://accounts.attacker.test' }))
    expect((await users.startError(asked)).extensions.code).toBe('SERVICE_UNAVAILABLE')
  })

  it('is believed with an ID token of its own, for us, that answers our question', async () => {
    const callback = await answeredWith((nonce) => provider.sign(claims(nonce)))
    expect(await social.complete(callback)).toMatchObject({ __typename: 'Session' })
  })

  it.each([
    ['of another issuer', { iss: 'https://accounts.attacker.test' }, '"iss"'],
    ['for another app', { aud: 'another-app' }, '"aud"'],
    ['that answers another question', { nonce: 'of another' }, '"nonce"'],
    ['that answers no question', { nonce: undefined }, '"nonce"'],
    ['that has expired', { exp: 1_000_000_000 }, '"exp"'],
    ['of nobody', { sub: undefined }, '"sub"'],
  ])('is not believed with an ID token %s', async (_, change, reason) => {
    const token = (nonce: string) => provider.sign({ ...claims(nonce), ...change })
    await expectDisbelief(token, reason)
  })

  it('is not believed with an ID token that a stranger has signed', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await expectDisbelief((nonce) => provider.sign(claims(nonce), privateKey), 'signature')
  })

  it('is not believed with an ID token that nobody has signed', async () => {
    const token = (nonce: string) => new UnsecuredJWT(claims(nonce)).encode()
    await expectDisbelief(async (nonce) => token(nonce), '"alg"')
  })
})

describe('Yandex', () => {
  it.each<[string, Handler]>([
    ['hangs up', hangUp],
    ['does not know the token', text('', 401)],
    ['answers with something else', json({ login: 'kuleshov' })],
    ['answers with a page', text('<h1>Maintenance</h1>')],
    ['sends us elsewhere', redirect],
  ])('is not available when its user information %s', async (_, fault) => {
    provider.faults.set('/info', fault)
    await expectUnavailable('YANDEX')
  })
})
