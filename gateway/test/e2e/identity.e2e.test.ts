import { createViewerSigner, createViewerVerifier } from '@cinegraph/kit/identity'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startToys } from '../harness/gateway.js'
import { CLAIMS, inSeconds, startTokenIssuer } from '../harness/token-issuer.js'

const other = await generateKeyPair('EdDSA')
const rsa = await generateKeyPair('RS256')

// the clock alone: sockets and timers stay real
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe('what a subgraph is told of who asks', () => {
  it('is signed for this subgraph alone, whatever the client sends', async () => {
    const tokens = await startTokenIssuer()
    const pair = await generateKeyPair('EdDSA', { extractable: true })
    const signViewer = await createViewerSigner(await exportJWK(pair.privateKey))
    const { post, subgraphs } = await startToys({ tokens, signViewer })
    const authorization = `Bearer ${await tokens.token()}`
    const headers = { authorization, 'x-cinegraph-viewer': 'forged' }
    const { errors } = await post('{ films(first: 1) { likes } }', { headers })
    expect(errors).toEqual([])
    const publicKey = await exportJWK(pair.publicKey)
    for (const audience of ['films', 'people'] as const) {
      const sent = subgraphs[audience].received[0]!.headers['x-cinegraph-viewer']
      const verify = await createViewerVerifier({ publicKey, audience })
      expect(await verify(String(sent))).toEqual({
        kind: 'user',
        id: CLAIMS.sub,
        sessionId: CLAIMS.sid,
        roles: CLAIMS.roles,
        permissions: CLAIMS.permissions,
      })
    }
  })

  it('is that nobody has logged in when there is no token', async () => {
    const pair = await generateKeyPair('EdDSA', { extractable: true })
    const signViewer = await createViewerSigner(await exportJWK(pair.privateKey))
    const { post, subgraphs } = await startToys({ tokens: await startTokenIssuer(), signViewer })
    await post('{ whoAmI }')
    const verify = await createViewerVerifier({
      publicKey: await exportJWK(pair.publicKey),
      audience: 'films',
    })
    const sent = subgraphs.films.received[0]!.headers['x-cinegraph-viewer']
    expect(await verify(String(sent))).toMatchObject({ kind: 'anonymous' })
  })

  it('is nothing without a signing key', async () => {
    const { post, subgraphs } = await startToys()
    await post('{ whoAmI }', { headers: { 'x-cinegraph-viewer': 'forged' } })
    expect(subgraphs.films.received[0]!.headers).not.toHaveProperty('x-cinegraph-viewer')
  })
})

describe('an access token', () => {
  const sign = (alg: string, key: typeof other.privateKey) =>
    new SignJWT({ ...CLAIMS, iss: 'cinegraph', aud: 'cinegraph', exp: inSeconds(60) })
      .setProtectedHeader({ alg, kid: 'key-1', typ: 'at+jwt' })
      .sign(key)
  type Issuer = Awaited<ReturnType<typeof startTokenIssuer>>
  const refused: Record<string, (issuer: Issuer) => Promise<string>> = {
    'that has expired': (issuer) => issuer.token({ exp: inSeconds(-30) }),
    'that never expires': (issuer) => issuer.token({ exp: undefined }),
    'that is not yet valid': (issuer) => issuer.token({ nbf: inSeconds(30) }),
    'of another issuer': (issuer) => issuer.token({ iss: 'somebody' }),
    'for another audience': (issuer) => issuer.token({ aud: 'another-shop' }),
    'without a session': (issuer) => issuer.token({ sid: undefined }),
    'with roles that are no list': (issuer) => issuer.token({ roles: 'admin' }),
    'with a generation that is no number': (issuer) => issuer.token({ gen: 'last' }),
    'with an unknown key': (issuer) => issuer.token({}, { kid: 'key-9' }),
    'that names no key': (issuer) => issuer.token({}, { kid: undefined }),
    'that names another key of the set': async (issuer) => {
      await issuer.rotate()
      return issuer.token({}, { kid: 'key-1' })
    },
    'that is a token of another kind, by the same key': (issuer) =>
      issuer.token({}, { typ: 'logout+jwt' }),
    'that is an ID token, by the same key': (issuer) => issuer.token({}, { typ: 'JWT' }),
    'that does not say of which kind it is': (issuer) => issuer.token({}, { typ: undefined }),
    'signed by somebody else': () => sign('EdDSA', other.privateKey),
    'with another algorithm': () => sign('RS256', rsa.privateKey),
    'with another algorithm, by a key of the set': async (issuer) => {
      await issuer.rotate('ES256')
      return issuer.token()
    },
    'signed with the public key as a shared secret': async (issuer) => {
      const jwks = await (await fetch(issuer.jwksUrl)).text()
      return sign('HS256', new TextEncoder().encode(jwks) as never)
    },
    'that is not signed': async () =>
      new UnsecuredJWT({
        ...CLAIMS,
        iss: 'cinegraph',
        aud: 'cinegraph',
        exp: inSeconds(60),
      }).encode(),
    'whose claims were changed': async (issuer) => {
      const [header, , signature] = (await issuer.token()).split('.')
      const [, payload] = (await issuer.token({ roles: ['admin'] })).split('.')
      return `${header!}.${payload!}.${signature!}`
    },
    'that is none': async () => 'rubbish',
  }
  for (const [name, make] of Object.entries(refused)) {
    it(`${name} is refused with 401`, async () => {
      const issuer = await startTokenIssuer()
      const { post, subgraphs } = await startToys({ tokens: issuer })
      const { status, headers, data, errors } = await post('{ whoAmI }', bearer(await make(issuer)))
      expect({ status, data }).toEqual({ status: 401, data: undefined })
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      expect(errors[0]!.extensions['requestId']).toBe(headers.get('x-request-id'))
      expect(subgraphs.films.received).toEqual([])
    })
  }

  it('in another scheme is refused with 401', async () => {
    const { post } = await startToys({ tokens: await startTokenIssuer() })
    const { status } = await post('{ whoAmI }', { headers: { authorization: 'Basic YTpi' } })
    expect(status).toBe(401)
  })

  it('of a new key is taken after the keys were rotated', async () => {
    const tokens = await startTokenIssuer()
    const { post } = await startToys({ tokens })
    expect((await post('{ whoAmI }', bearer(await tokens.token()))).status).toBe(200)
    await tokens.rotate()
    // right after a fetch, unknown keys do not cause another one
    expect((await post('{ whoAmI }', bearer(await tokens.token()))).status).toBe(401)
    expect(tokens.fetches()).toBe(1)
    pass(11)
    expect((await post('{ whoAmI }', bearer(await tokens.token()))).status).toBe(200)
    expect(tokens.fetches()).toBe(2)
  })

  it('is ignored when no key set is configured', async () => {
    const { post } = await startToys()
    expect((await post('{ whoAmI }', bearer('rubbish'))).status).toBe(200)
  })
})

describe('the key set', () => {
  it('is published by the gateway, and fetched once', async () => {
    const tokens = await startTokenIssuer()
    const { gateway } = await startToys({ tokens })
    for (const _ of [1, 2]) {
      const response = await fetch(`${gateway.url}/.well-known/jwks.json`)
      expect(await response.json()).toMatchObject({ keys: [{ kid: 'key-1', crv: 'Ed25519' }] })
    }
    expect(tokens.fetches()).toBe(1)
  })

  it('can be fetched from within the process', async () => {
    const tokens = await startTokenIssuer()
    const jwksUrl = new URL('http://users.invalid/.well-known/jwks.json')
    const fetched: string[] = []
    const { post } = await startToys({
      tokens: {
        ...tokens,
        jwksUrl,
        fetch: async (url, init) => {
          fetched.push(url)
          return fetch(tokens.jwksUrl, init)
        },
      },
    })
    expect((await post('{ whoAmI }', bearer(await tokens.token()))).status).toBe(200)
    expect(fetched).toEqual([jwksUrl.href])
  })

  it('that cannot be had is 503 for those with a token, and nothing to the others', async () => {
    const tokens = await startTokenIssuer()
    tokens.stop()
    const { post, gateway } = await startToys({ tokens })
    const { status, errors } = await post('{ whoAmI }', bearer(await tokens.token()))
    expect(status).toBe(503)
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } }])
    expect((await post('{ whoAmI }')).status).toBe(200)
    expect((await fetch(`${gateway.url}/.well-known/jwks.json`)).status).toBe(503)
  })

  it('goes on being used while its source is down', async () => {
    const tokens = await startTokenIssuer()
    const { post, log } = await startToys({ tokens })
    await post('{ whoAmI }', bearer(await tokens.token()))
    tokens.stop()
    pass(600)
    expect((await post('{ whoAmI }', bearer(await tokens.token()))).status).toBe(200)
    await until(() => log.some(({ msg }) => msg === 'could not refresh the token keys'))
    expect((await post('{ whoAmI }', bearer(await tokens.token()))).status).toBe(200)
  })
})
