import { inProcessFetch } from '@cinegraph/kit/http/in-process-fetch'
import {
  createViewerSigner,
  createViewerVerifier,
  type SignViewer,
  VIEWER_HEADER,
} from '@cinegraph/kit/identity'
import { type RevocationFeed } from '@cinegraph/kit/revocations'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { postTo, startToys, type Toys } from '../harness/gateway.js'
import { startRevocationSource } from '../harness/revocation-source.js'
import { startTokenIssuer } from '../harness/token-issuer.js'

const pair = await generateKeyPair('EdDSA', { extractable: true })
const publicKey = await exportJWK(pair.publicKey)
const signViewer: SignViewer = await createViewerSigner(await exportJWK(pair.privateKey))

async function prepare({ page }: { page?: number } = {}) {
  const [issuer, source] = await Promise.all([startTokenIssuer(), startRevocationSource(page)])
  const tokens = { ...issuer, revocationsUrl: source.url }
  return { issuer, source, start: () => startToys({ tokens, signViewer }) }
}

async function started() {
  const { start, ...rest } = await prepare()
  return { ...rest, start, ...(await start()) }
}

const statusWith = async ({ gateway }: Pick<Toys, 'gateway'>, token: string) => {
  const headers = { authorization: `Bearer ${token}` }
  return (await postTo(gateway.url, '{ whoAmI }', { headers })).status
}

const ENDED = 'The session has ended.'
const NO_LONGER_VALID = 'The access token is no longer valid. Refresh the session.'

const expectRefused = async ({ post }: Pick<Toys, 'post'>, token: string, message = ENDED) => {
  const headers = { authorization: `Bearer ${token}` }
  const { status, errors } = await post('{ whoAmI }', { headers })
  expect(status).toBe(401)
  expect(errors).toMatchObject([{ message, extensions: { code: 'UNAUTHENTICATED' } }])
}

/** Waits for a condition, also on a machine that is slow. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

const REVOKED = [
  ['of a session', { sessionId: 'session-1' }, ENDED],
  ['of a user, before a generation', { userId: 'user-1', generation: 3 }, NO_LONGER_VALID],
  ['of a key', { keyId: 'key-1' }, NO_LONGER_VALID],
] as const

describe('an access token', () => {
  it.each(REVOKED)(
    '%s that was used is refused as soon as it is revoked',
    async (_, revoked, message) => {
      const { issuer, source, ...toys } = await started()
      const token = await issuer.token({ gen: 2 })
      expect(await statusWith(toys, token)).toBe(200)
      source.revoke(revoked)
      await soon(() => statusWith(toys, token)).toBe(401)
      await expectRefused(toys, token, message)
    },
  )

  it.each(REVOKED)('%s is refused also by a gateway that starts later', async (_, revoked) => {
    const { issuer, source, start } = await prepare()
    source.revoke(revoked)
    expect(await statusWith(await start(), await issuer.token({ gen: 2 }))).toBe(401)
  })

  it('of another session, generation or key goes on being good', async () => {
    const { issuer, source, start } = await prepare()
    for (const [, revoked] of REVOKED) source.revoke(revoked)
    const toys = await start()
    const other = { sid: 'session-2', sub: 'user-2', gen: 0 }
    const ofRevokedKey = await issuer.token(other)
    await issuer.rotate()
    expect(await statusWith(toys, await issuer.token({ sid: 'session-2', gen: 3 }))).toBe(200)
    expect(await statusWith(toys, await issuer.token(other))).toBe(200)
    await expectRefused(toys, ofRevokedKey, NO_LONGER_VALID)
  })

  it('of no generation is of the first', async () => {
    const { issuer, source, start } = await prepare()
    source.revoke({ userId: 'user-1', generation: 1 })
    const toys = await start()
    expect(await statusWith(toys, await issuer.token())).toBe(401)
    expect(await statusWith(toys, await issuer.token({ gen: 1 }))).toBe(200)
  })
})

describe('before revocations are loaded', () => {
  it('what does not fit one answer is asked for at once', async () => {
    const { issuer, source, start } = await prepare({ page: 2 })
    for (const n of [1, 2, 3, 4, 5]) source.revoke({ sessionId: `session-${n}` })
    const toys = await start()
    for (const n of [1, 2, 3, 4, 5]) {
      await expectRefused(toys, await issuer.token({ sid: `session-${n}` }))
    }
    expect(await statusWith(toys, await issuer.token({ sid: 'session-6' }))).toBe(200)
    await source.waits()
    expect(source.questions.map(({ after, wait }) => [after, wait])).toEqual([
      [null, '0'],
      ['2', '0'],
      ['4', '0'],
      ['5', '0'],
      ['5', '25'],
    ])
  })

  it('one answer of several does not suffice', async () => {
    const { issuer, source, start } = await prepare({ page: 1 })
    source.revoke({ sessionId: 'session-1' })
    source.revoke({ sessionId: 'session-2' })
    source.script('answer', 'down')
    const toys = await start()
    const [second, third] = await Promise.all([
      issuer.token({ sid: 'session-2' }),
      issuer.token({ sid: 'session-3' }),
    ])
    expect(await statusWith(toys, second)).toBe(503)
    expect((await fetch(`${toys.gateway.url}/readyz`)).status).toBe(503)
    source.up()
    await soon(() => statusWith(toys, third)).toBe(200)
    await expectRefused(toys, second)
  })

  it('requests without a token are answered, those with one are not, and the gateway is not ready', async () => {
    const { issuer, source, start } = await prepare()
    source.down()
    const toys = await start()
    const readiness = async () => {
      const response = await fetch(`${toys.gateway.url}/readyz`)
      return [response.status, (await response.json()) as unknown]
    }
    const token = await issuer.token()
    const headers = { authorization: `Bearer ${token}` }
    expect((await toys.post('{ whoAmI }')).status).toBe(200)
    const { status, errors } = await toys.post('{ whoAmI }', { headers })
    expect(status).toBe(503)
    expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } }])
    expect(await readiness()).toEqual([
      503,
      { ready: false, services: { revocations: { ready: false, reason: 'not loaded yet' } } },
    ])
    source.up()
    await soon(() => statusWith(toys, token)).toBe(200)
    expect(await readiness()).toEqual([
      200,
      { ready: true, services: { revocations: { ready: true } } },
    ])
  })
})

describe('while the source is down', () => {
  it('what was known is in force, and what was revoked meanwhile as soon as it is back', async () => {
    const { issuer, source, ...toys } = await started()
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map((n) => issuer.token({ sid: `session-${n}` })),
    )
    source.revoke({ sessionId: 'session-1' })
    await soon(() => statusWith(toys, first!)).toBe(401)
    source.down()
    await soon(() => toys.log.map(({ msg }) => msg)).toContain('could not ask for revocations')
    source.revoke({ sessionId: 'session-2' })
    expect(await statusWith(toys, first!)).toBe(401)
    expect(await statusWith(toys, second!)).toBe(200)
    source.up()
    await soon(() => statusWith(toys, second!)).toBe(401)
    expect(await statusWith(toys, third!)).toBe(200)
    source.revoke({ sessionId: 'session-3' })
    await soon(() => statusWith(toys, third!)).toBe(401)
  })

  it('each problem is logged once and every attempt counted', async () => {
    const { source, ...toys } = await started()
    const known = source.questions.length
    source.down()
    await soon(() => source.questions.length).toBeGreaterThan(known + 3)
    source.up()
    await source.waits()
    const about = toys.log.filter(({ msg }) => /revocations/.test(msg)).map(({ msg }) => msg)
    // the connection that breaks and the one that is not made may be told in different words
    expect(about.slice(0, 2)).toEqual(['following revocations', 'could not ask for revocations'])
    expect(about.at(-1)).toBe('following revocations')
    expect(about.length).toBeLessThanOrEqual(4)
    const failures = /revocations_failures_total (\d+)/.exec(await toys.metrics())?.[1]
    expect(Number(failures)).toBeGreaterThan(2)
  })
})

describe('a bad answer', () => {
  const future = new Date(Date.now() + 600_000).toISOString()
  it.each<[string, [number, string], RegExp]>([
    ['of another status', [403, '{}'], /status 403/],
    ['that is a redirect', [302, ''], /fetch failed/],
    ['that is no JSON', [200, 'all is well'], /no feed of revocations/],
    ['without a cursor', [200, '{"revocations":[]}'], /cursor/],
    [
      'with a revocation of nothing',
      [200, JSON.stringify({ cursor: '1', revocations: [{ expiresAt: future }] })],
      /revocations\.0/,
    ],
    [
      'that expires who knows when',
      [200, JSON.stringify({ cursor: '1', revocations: [{ keyId: 'key-1', expiresAt: 'soon' }] })],
      /revocations\.0/,
    ],
  ])('%s is logged, and the question asked again', async (_, bad, words) => {
    const { issuer, source, start } = await prepare()
    source.script(bad)
    source.revoke({ sessionId: 'session-1' })
    const toys = await start()
    await soon(async () => statusWith(toys, await issuer.token())).toBe(401)
    const logged = toys.log.filter(({ msg }) => msg === 'could not ask for revocations')
    expect(logged).toHaveLength(1)
    expect(logged[0]!.level).toBe('warn')
    expect((logged[0]!['err'] as Error).message).toMatch(words)
  })

  it('in haste is not asked for without end', async () => {
    const { source, start } = await prepare()
    source.hurry()
    const began = performance.now()
    await start()
    await soon(() => source.questions.length).toBeGreaterThanOrEqual(6)
    expect(performance.now() - began).toBeGreaterThan(1_000)
  })
})

describe('the question', () => {
  it('is signed for the feed alone, and goes on from the last answer', async () => {
    const { source } = await started()
    await source.waits()
    source.revoke({ sessionId: 'session-9' })
    await soon(() => source.questions.length).toBeGreaterThanOrEqual(4)
    const { questions } = source
    expect(questions.slice(0, 4).map(({ after, wait }) => [after, wait])).toEqual([
      [null, '0'],
      ['0', '0'],
      ['0', '25'],
      ['1', '25'],
    ])
    const verify = await createViewerVerifier({ publicKey, audience: 'revocations' })
    expect(await verify(String(questions[0]!.viewer))).toMatchObject({ kind: 'anonymous' })
    const films = await createViewerVerifier({ publicKey, audience: 'films' })
    await expect(films(String(questions[0]!.viewer))).rejects.toThrow()
  })

  it('cannot be asked without a signing key', async () => {
    const { issuer, source } = await prepare()
    const tokens = { ...issuer, revocationsUrl: source.url }
    await expect(startToys({ tokens })).rejects.toMatchObject({
      problems: ['GATEWAY_SIGNING_KEY: is required by REVOCATIONS_URL'],
    })
  })

  it('does not hold up a stop', async () => {
    const { source, gateway } = await started()
    await source.waits()
    const deadline = AbortSignal.timeout(20_000)
    await gateway.stop(deadline)
    expect(deadline.aborted).toBe(false)
  })
})

describe('within the process', () => {
  it('the same questions are asked, and a stop ends the one that waits', async () => {
    const issuer = await startTokenIssuer()
    const verify = await createViewerVerifier({ publicKey, audience: 'revocations' })
    const waiting = Promise.withResolvers<undefined>()
    const gone = Promise.withResolvers<undefined>()
    const expiresAt = new Date(Date.now() + 600_000).toISOString()
    const inProcess = await inProcessFetch(async (app) => {
      app.get(
        '/internal/revocations',
        async ({ headers, query }, reply): Promise<RevocationFeed> => {
          await verify(String(headers[VIEWER_HEADER]))
          if ((query as { wait: string }).wait !== '0') {
            reply.raw.once('close', () => gone.resolve(undefined))
            waiting.resolve(undefined)
            await gone.promise
          }
          return { cursor: '1', revocations: [{ sessionId: 'session-1', expiresAt }] }
        },
      )
    })
    const revocationsUrl = new URL('http://users/internal/revocations')
    const { jwksUrl } = issuer
    const toys = await startToys({
      tokens: {
        ...issuer,
        revocationsUrl,
        fetch: (url, init) => (url === jwksUrl.href ? fetch(url, init) : inProcess(url, init)),
      },
      signViewer,
    })
    expect(await statusWith(toys, await issuer.token())).toBe(401)
    expect(await statusWith(toys, await issuer.token({ sid: 'session-2' }))).toBe(200)
    await waiting.promise
    const deadline = AbortSignal.timeout(20_000)
    await toys.gateway.stop(deadline)
    expect(deadline.aborted).toBe(false)
    await gone.promise
  })
})

it('metrics tell how many are in force, and since when nothing was heard', async () => {
  const { source, start } = await prepare()
  for (const [, revoked] of REVOKED) source.revoke(revoked)
  const { metrics } = await start()
  expect(await metrics()).toMatch(/^cinegraph_gateway_revocations 3$/m)
  expect(await metrics()).toMatch(/^cinegraph_gateway_revocations_contact_age_seconds [\d.e-]+$/m)
  expect(await metrics()).toMatch(/^cinegraph_gateway_revocations_failures_total 0$/m)
})
