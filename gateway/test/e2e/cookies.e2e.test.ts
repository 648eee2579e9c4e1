import { ConfigError } from '@cinegraph/kit/config'
import { describe, expect, it } from 'vitest'
import { type PostOptions, startToys } from '../harness/gateway.js'
import { inSeconds, startTokenIssuer, type TokenIssuer } from '../harness/token-issuer.js'
import type { Fault } from '../harness/toy-server.js'

const subgraphCookies = { films: ['access', 'refresh'], people: ['seat'] }
const BOTH = '{ films(first: 1) { likes } }'

/** Answers well, and sets cookies. */
const setting =
  (...cookies: string[]): Fault =>
  (response, answer) => {
    response.setHeader('set-cookie', cookies)
    return answer()
  }

const withCookie = (cookie: string, headers: Record<string, string> = {}): PostOptions => ({
  headers: { cookie, ...headers },
})

describe('cookies of a client', () => {
  it('reach the subgraph that is allowed them, and no other', async () => {
    const { post, subgraphs } = await startToys({ subgraphCookies })
    await post(BOTH, withCookie('access=a; tracker=t; seat="s 1"; refresh=r%20; access=second'))
    expect(subgraphs.films.received[0]!.headers.cookie).toBe('access=a; refresh=r%20')
    expect(subgraphs.people.received[0]!.headers.cookie).toBe('seat=%22s%201%22')
  })

  it('are not sent where none is allowed', async () => {
    const { post, subgraphs } = await startToys()
    await post(BOTH, withCookie('access=a'))
    expect(subgraphs.films.received[0]!.headers).not.toHaveProperty('cookie')
  })

  it('make the answer one for this client alone', async () => {
    const { post } = await startToys({ subgraphCookies })
    const { headers } = await post('{ whoAmI }', withCookie('access=a'))
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('vary')?.split(', ')).toContain('cookie')
  })
})

describe('cookies of a subgraph', () => {
  it('reach the client when they are allowed, with their attributes', async () => {
    const { post, subgraphs } = await startToys({ subgraphCookies })
    const access = 'access=a.b-c; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax'
    subgraphs.films.script(setting(access, 'tracker=t', 'refresh=r'))
    subgraphs.people.script(setting('access=mine', 'seat=1'))
    const { headers } = await post(BOTH)
    expect(headers.getSetCookie()).toEqual([access, 'refresh=r', 'seat=1'])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('that are not allowed are told to the log once for each name', async () => {
    const { post, subgraphs, log } = await startToys({ subgraphCookies })
    for (const _ of [1, 2]) {
      subgraphs.films.script(setting('tracker=1', 'seat=2', 'tracker=3'))
      expect((await post('{ whoAmI }')).headers.getSetCookie()).toEqual([])
    }
    const dropped = log.filter(({ level }) => level === 'warn')
    expect(dropped).toMatchObject([
      { subgraph: 'films', cookieName: 'tracker' },
      { subgraph: 'films', cookieName: 'seat' },
    ])
  })

  it('do not come with an answer that is none', async () => {
    const { post, subgraphs } = await startToys({ subgraphCookies })
    subgraphs.films.script((response) =>
      response.writeHead(500, { 'set-cookie': 'access=a' }).end('{}'),
    )
    expect((await post('{ whoAmI }')).headers.getSetCookie()).toEqual([])
  })
})

describe('cookies for a page', () => {
  const cors = ['https://app.example']
  const answerTo = async (origin: (own: string) => string, options = {}) => {
    const { post, subgraphs, gateway } = await startToys({ subgraphCookies, ...options })
    subgraphs.films.script(setting('access=thief'))
    const headers = { origin: origin(gateway.url), 'sec-fetch-site': 'cross-site' }
    const answer = await post('{ whoAmI }', { headers })
    return { status: answer.status, set: answer.headers.getSetCookie(), errors: answer.errors }
  }

  it.each(['https://evil.example', 'null', 'http://localhost:5173'])(
    'of %s are not set, though it sent none',
    async (origin) => {
      for (const options of [{ cors }, {}]) {
        const { status, set, errors } = await answerTo(() => origin, options)
        expect([status, set]).toEqual([403, []])
        expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      }
    },
  )

  it('of our own or of a listed origin are set', async () => {
    const set = ['access=thief']
    expect(await answerTo((own) => own)).toMatchObject({ status: 200, set })
    expect(await answerTo(() => cors[0]!, { cors })).toMatchObject({ status: 200, set })
  })
})

it('settings that allow a subgraph cookies which is not there are refused', async () => {
  const error = await startToys({ subgraphCookies: { flims: ['access'] } }).catch(
    (it: unknown) => it,
  )
  expect(error).toBeInstanceOf(ConfigError)
  expect((error as ConfigError).problems).toEqual([
    'SUBGRAPH_COOKIES: there is no subgraph flims, there are films, people',
  ])
})

describe('an access token in a cookie', () => {
  const startWithCookie = async () => {
    const issuer = await startTokenIssuer()
    const tokens = { ...issuer, cookie: 'access', renewalFields: ['film'] }
    const toys = await startToys({ tokens, subgraphCookies })
    return { issuer, ...toys }
  }
  const viewerOf = (log: readonly { msg: string; [name: string]: unknown }[]) =>
    log.filter(({ msg }) => msg === 'operation answered').at(-1)?.['viewer']

  it('says who asks', async () => {
    const { post, issuer, log } = await startWithCookie()
    expect((await post('{ whoAmI }', withCookie(`access=${await issuer.token()}`))).status).toBe(
      200,
    )
    expect(viewerOf(log)).toBe('user')
    await post('{ whoAmI }', withCookie('access='))
    expect(viewerOf(log)).toBe('anonymous')
  })

  const BAD = {
    'has expired': (issuer: TokenIssuer) => issuer.token({ exp: inSeconds(-30) }),
    'is none': async () => 'rubbish',
  }
  const FILM = 'film(id: "1") { title }'

  describe.each(Object.entries(BAD))('that %s', (_, tokenOf) => {
    it.each([
      '{ whoAmI }',
      '{ __typename }',
      `{ ${FILM} whoAmI }`,
      `{ film: whoAmI }`,
      `query { ...Hidden } fragment Hidden on Query { ${FILM} ... { whoAmI } }`,
    ])('is refused as long as it is sent: %s', async (query) => {
      const { post, issuer } = await startWithCookie()
      const refused = await post(query, withCookie(`access=${await tokenOf(issuer)}; refresh=r`))
      expect(refused.status).toBe(401)
      expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      expect(refused.data).toBeUndefined()
      expect(refused.headers.getSetCookie()).toEqual([])
      expect(refused.headers.get('cache-control')).toBe('no-store')
      expect(refused.headers.get('www-authenticate')).toContain('invalid_token')
    })

    it('may ask for what renews it, as nobody', async () => {
      const { post, issuer, log } = await startWithCookie()
      const cookie = withCookie(`access=${await tokenOf(issuer)}; refresh=r`)
      const { status, data } = await post(`{ ${FILM} }`, cookie)
      expect([status, data]).toEqual([200, { film: { title: 'Film 1' } }])
      expect(viewerOf(log)).toBe('anonymous')
    })
  })

  it('counts for nothing beside a header, good or not', async () => {
    const { post, issuer, log } = await startWithCookie()
    const authorization = `Bearer ${await issuer.token()}`
    const good = await post('{ whoAmI }', withCookie('access=rubbish', { authorization }))
    expect([good.status, good.headers.getSetCookie()]).toEqual([200, []])
    expect(viewerOf(log)).toBe('user')
    const cookie = `access=${await issuer.token()}`
    const bad = await post('{ whoAmI }', withCookie(cookie, { authorization: 'Bearer rubbish' }))
    expect([bad.status, bad.headers.getSetCookie()]).toEqual([401, []])
  })

  it('is left alone while nobody can tell whether it is good', async () => {
    const { post, issuer } = await startWithCookie()
    const token = await issuer.token()
    issuer.stop()
    const { status, headers } = await post('{ whoAmI }', withCookie(`access=${token}`))
    expect([status, headers.getSetCookie()]).toEqual([503, []])
  })

  it('is ignored when no cookie is named', async () => {
    const { post, log } = await startToys({ tokens: await startTokenIssuer() })
    expect((await post('{ whoAmI }', withCookie('access=rubbish'))).status).toBe(200)
    expect(viewerOf(log)).toBe('anonymous')
  })
})

describe('a request with cookies', () => {
  const FOREIGN = 'https://evil.example'
  type Case = [headers: (own: string) => Record<string, string>, accepted: boolean]
  const cases: Record<string, Case> = {
    'of no browser': [() => ({}), true],
    'of our own page': [(own) => ({ origin: own, 'sec-fetch-site': 'same-origin' }), true],
    'of our own page, that says no origin': [() => ({ 'sec-fetch-site': 'same-origin' }), true],
    'that a person typed': [() => ({ 'sec-fetch-site': 'none' }), true],
    'of a listed page': [() => ({ origin: 'https://app.example' }), true],
    'of another page': [() => ({ origin: FOREIGN, 'sec-fetch-site': 'cross-site' }), false],
    'of another page, that says no origin': [() => ({ 'sec-fetch-site': 'cross-site' }), false],
    'of another page of our site': [() => ({ 'sec-fetch-site': 'same-site' }), false],
    'of a page without origin': [() => ({ origin: 'null' }), false],
    'of another port': [() => ({ origin: 'http://127.0.0.1:1' }), false],
    'of another scheme': [(own) => ({ origin: own.replace('http:', 'https:') }), false],
    'of a page like a listed one': [() => ({ origin: 'https://app.example.evil.example' }), false],
    'that says it came through a proxy': [
      () => ({ origin: FOREIGN, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }),
      false,
    ],
  }
  const cors = ['https://app.example']

  for (const [name, [headersOf, accepted]] of Object.entries(cases)) {
    it(`${name} is ${accepted ? 'accepted' : 'refused'}`, async () => {
      const { post, gateway, subgraphs } = await startToys({ subgraphCookies, cors })
      const headers = headersOf(gateway.url)
      // a query over POST stands for all: what may not change anything may not read either
      const { status, errors } = await post('{ whoAmI }', withCookie('refresh=r', headers))
      expect(status).toBe(accepted ? 200 : 403)
      expect(subgraphs.films.received).toHaveLength(accepted ? 1 : 0)
      if (accepted) return
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      expect(errors[0]!.message).toMatch(/CORS_ORIGINS.*TRUST_PROXY/)
      // without cookies, or with others, it is a request as any other
      for (const cookie of ['', 'tracker=t']) {
        const other = await post('{ whoAmI }', withCookie(cookie, headers))
        expect(other.status).toBe(200)
      }
    })

    it(`over GET ${name} is ${accepted ? 'accepted' : 'refused'}`, async () => {
      const { gateway, subgraphs } = await startToys({ subgraphCookies, cors })
      const url = `${gateway.url}/graphql?query={whoAmI}`
      const headers = { cookie: 'access=a', ...headersOf(gateway.url) }
      const { status } = await fetch(url, {
        headers: { ...headers, 'apollo-require-preflight': 'true' },
      })
      expect(status).toBe(accepted ? 200 : 403)
      const simple = await fetch(url, { headers })
      expect(simple.status).toBe(accepted ? 400 : 403)
      expect(subgraphs.films.received).toHaveLength(accepted ? 1 : 0)
    })
  }

  it('as a form of any page could send it is refused', async () => {
    const { gateway, subgraphs } = await startToys({ subgraphCookies, cors })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const { status } = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { cookie: 'access=a', 'content-type': type },
        body: '{"query":"{whoAmI}"}',
      })
      expect(status).toBe(415)
    }
    expect(subgraphs.films.received).toEqual([])
  })

  it('of a local page or the Sandbox is refused, though development lets them call', async () => {
    const { post, gateway } = await startToys({ subgraphCookies })
    const statusOf = async (origin: string) =>
      (await post('{ whoAmI }', withCookie('access=a', { origin }))).status
    expect(await statusOf(gateway.url)).toBe(200)
    expect(await statusOf('http://localhost:5173')).toBe(403)
    expect(await statusOf('https://studio.apollographql.com')).toBe(403)
  })

  it('of our own page behind a proxy is accepted when the proxy is trusted', async () => {
    const statusOf = async (trustProxy: string[], proto: string) => {
      const { post } = await startToys({ subgraphCookies, cors, trustProxy })
      const origin = 'https://cinema.example'
      const headers = { origin, 'x-forwarded-proto': proto, 'x-forwarded-host': 'cinema.example' }
      return (await post('{ whoAmI }', withCookie('access=a', headers))).status
    }
    expect(await statusOf(['loopback'], 'https')).toBe(200)
    expect(await statusOf(['loopback'], 'http')).toBe(403)
    expect(await statusOf(['10.0.0.0/8'], 'https')).toBe(403)
  })
})
