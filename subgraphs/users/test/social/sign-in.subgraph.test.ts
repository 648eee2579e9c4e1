import type { Postgres } from '@cinegraph/engines/postgres/open'
import { CLIENT_HEADERS } from '@cinegraph/kit/client'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { ANONYMOUS, testIdentity } from '@cinegraph/testkit/identity'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MAX_FLOWS } from '../../src/social/flow-limit.js'
import { SocialFlowRepository } from '../../src/social/social-flow.repository.js'
import { SocialLinkOfferRepository } from '../../src/social/social-link-offer.repository.js'
import { createClock, PASSWORD, viewerOf } from '../start-users.js'
import { CLIENT, REDIRECT_URI, somebody, startProvider, type TestProvider } from './provider.js'
import { type Social, startSocial, viewerIn } from './start-social.js'

let postgres: Postgres
let provider: TestProvider
let social: Social
const clock = createClock()

beforeAll(async () => {
  postgres = await openTestPostgres()
  provider = await startProvider()
  social = await startSocial(postgres, provider, { now: clock.now })
})
afterAll(() => provider.stop())
beforeEach(() => {
  provider.visitor = somebody()
  provider.consents = true
})

describe.each(['GOOGLE', 'YANDEX'] as const)('signing in with %s', (name) => {
  it('makes an account at the first time, and leads to the same one from then on', async () => {
    const { sub: subject, email } = provider.visitor
    const first = await social.signIn(name)
    expect(first).toMatchObject({ __typename: 'Session', user: { email, firstName: 'Lev' } })
    const again = await social.signIn(name)
    expect(again.user!.id).toBe(first.user!.id)
    expect(again.refreshToken).not.toBe(first.refreshToken)
    const linked = await postgres.prisma.socialAccount.findMany({ where: { subject } })
    expect(linked).toMatchObject([{ userId: first.user!.id, provider: name, email }])
  })

  it('makes an account without a password, whose address is verified', async () => {
    const { user } = await social.signIn(name)
    const row = await postgres.prisma.user.findUniqueOrThrow({ where: { id: user!.id } })
    expect(row).toMatchObject({ passwordHash: null, verifiedEmail: provider.visitor.email })
    const { extensions } = await social.logInError(row.login)
    expect(extensions.code).toBe('UNAUTHENTICATED')
  })

  it('shows the person what is private, in the answer', async () => {
    const input = await social.comeBack(await social.start(name))
    const answer = await social.run<Record<string, unknown>>(
      `mutation ($input: SocialCallbackInput!) {
        completeSocialSignIn(input: $input) { ... on Session { user {
          socialAccounts { provider } sessions { edges { node { current } } } loginHistory { edges { node { method } } }
        } } }
      }`,
      { input },
    )
    expect(expectData(answer)['completeSocialSignIn']).toEqual({
      user: {
        socialAccounts: [{ provider: name }],
        sessions: { edges: [{ node: { current: true } }] },
        loginHistory: { edges: [{ node: { method: name } }] },
      },
    })
  })

  it('makes one account of a person who comes twice at once', async () => {
    const flows = await Promise.all(Array.from({ length: 6 }, () => social.start(name)))
    const callbacks = await Promise.all(flows.map((flow) => social.comeBack(flow)))
    const sessions = await Promise.all(callbacks.map((it) => social.complete(it)))
    expect(new Set(sessions.map((it) => it.__typename))).toEqual(new Set(['Session']))
    expect(new Set(sessions.map((it) => it.user!.id)).size).toBe(1)
    const verifiedEmail = provider.visitor.email!
    expect(await postgres.prisma.user.count({ where: { email: verifiedEmail } })).toBe(1)
  })

  it('takes one of many completions of the same flow', async () => {
    const callback = await social.comeBack(await social.start(name))
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => social.complete(callback)))
    const types = outcomes.map((it) => it.__typename).sort()
    expect(types).toEqual(['Session', ...Array<string>(9).fill('SocialFlowEnded')])
  })

  it('refuses what is replayed', async () => {
    const callback = await social.comeBack(await social.start(name))
    expect(await social.complete(callback)).toMatchObject({ __typename: 'Session' })
    expect(await social.complete(callback)).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it('refuses a code that was spent in another flow', async () => {
    const [first, second] = [await social.start(name), await social.start(name)]
    const spent = await social.comeBack(first)
    expect(await social.complete(spent)).toMatchObject({ __typename: 'Session' })
    const callback = { ...(await social.comeBack(second)), code: spent.code! }
    expect(await social.complete(callback)).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it('refuses a code of somebody else: PKCE ties it to the flow', async () => {
    const stranger = await social.comeBack(await social.start(name))
    provider.visitor = somebody()
    const own = await social.comeBack(await social.start(name))
    const injected = await social.complete({ ...own, code: stranger.code! })
    expect(injected).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it('says who refused when the person did not agree, and spends the flow', async () => {
    provider.consents = false
    const callback = await social.comeBack(await social.start(name))
    expect(callback).toMatchObject({ error: 'access_denied' })
    const refused = { __typename: 'SocialSignInRefused', provider: name, reason: 'DECLINED' }
    expect(await social.complete(callback)).toEqual(refused)
    expect(await social.complete(callback)).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it('tells another error of the provider from a person who did not agree', async () => {
    const { code: _, ...callback } = await social.comeBack(await social.start(name))
    expect(await social.complete({ ...callback, error: 'server_error' })).toEqual({
      __typename: 'SocialSignInRefused',
      provider: name,
      reason: 'PROVIDER_ERROR',
    })
  })

  it('sends a challenge without which the provider gives nothing for the code', async () => {
    const flow = await social.start(name)
    const { searchParams } = new URL(flow.authorizationUrl)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('code_challenge')).toHaveLength(43)
    const { code } = await social.comeBack(flow)
    const answer = await fetch(`${provider.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: code!,
        redirect_uri: REDIRECT_URI,
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
      }),
    })
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
  })

  it('gives the browser nothing with which one could complete', async () => {
    const { authorizationUrl, flow } = await social.start(name)
    const state = new URL(authorizationUrl).searchParams.get('state')!
    const rows = JSON.stringify(await postgres.prisma.socialFlow.findMany())
    const { codeVerifier } = (await postgres.prisma.socialFlow.findMany({ take: -1 }))[0]!
    for (const secret of [flow, codeVerifier]) expect(authorizationUrl).not.toContain(secret)
    for (const secret of [flow, state]) expect(rows).not.toContain(secret)
  })
})

describe('a flow', () => {
  it('ends after ten minutes', async () => {
    const flow = await social.start('GOOGLE')
    const callback = await social.comeBack(flow)
    expect(Date.parse(flow.expiresAt) - clock.now().getTime()).toBe(600_000)
    clock.advance({ seconds: 600 })
    expect(await social.complete(callback)).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it('counts until the last moment', async () => {
    const callback = await social.comeBack(await social.start('YANDEX'))
    clock.advance({ seconds: 600, ms: -1 })
    expect(await social.complete(callback)).toMatchObject({ __typename: 'Session' })
  })

  it('is nobody’s who has not its secret, and stays open for who has', async () => {
    const callback = await social.comeBack(await social.start('GOOGLE'))
    const other = await social.start('GOOGLE')
    const ended = { __typename: 'SocialFlowEnded' }
    expect(await social.complete({ ...callback, flow: 'guessed' })).toMatchObject(ended)
    expect(await social.complete({ ...callback, flow: other.flow })).toMatchObject(ended)
    expect(await social.complete(callback)).toMatchObject({ __typename: 'Session' })
  })

  it('does not take the state of another', async () => {
    const callback = await social.comeBack(await social.start('GOOGLE'))
    const other = new URL((await social.start('GOOGLE')).authorizationUrl)
    for (const state of [other.searchParams.get('state')!, 'made-up']) {
      const outcome = await social.complete({ ...callback, state })
      expect(outcome).toMatchObject({ __typename: 'SocialFlowEnded' })
    }
  })

  it('does not take an answer that names another provider', async () => {
    const callback = await social.comeBack(await social.start('GOOGLE'))
    expect(callback.iss).toBe(provider.url)
    const mixed = await social.complete({ ...callback, iss: 'https://accounts.attacker.test' })
    expect(mixed).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it('that began as a sign-in links nothing', async () => {
    const session = await social.register({ login: 'not-a-sign-in' })
    const callback = await social.comeBack(await social.start('GOOGLE'))
    const outcome = await social.completeLink(callback, viewerOf(session))
    expect(outcome).toMatchObject({ __typename: 'SocialFlowEnded' })
  })

  it.each([
    [{ state: 's', code: 'c' }, 'flow'],
    [{ flow: 'f', code: 'c' }, 'state'],
  ])('needs all its parts, not only %o', async (input, missing) => {
    const { message, extensions } = await social.completeError(input)
    expect(extensions.code).toBe('BAD_USER_INPUT')
    expect(message).toContain(missing)
  })

  it('needs a code or an error', async () => {
    const { extensions } = await social.completeError({ flow: 'f', state: 's' })
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['input', 'code'] })
  })

  it('refuses a text that no provider sends', async () => {
    const input = { flow: 'f', state: 's', code: 'c'.repeat(3000) }
    const { extensions } = await social.completeError(input)
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['input', 'code'] })
  })

  it.each([
    'https://cinegraph.test/signed-in/',
    'https://cinegraph.test/signed-in?next=/',
    'https://cinegraph.test.attacker.test/signed-in',
    'https://attacker.test/',
    'javascript:alert(1)',
    '',
  ])('leads nowhere but to the redirect URIs that are allowed: not to %s', async (redirectUri) => {
    const error = await social.startError({ provider: 'GOOGLE', redirectUri })
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['redirectUri'] })
  })
})

describe('an email address', () => {
  it('that the provider has not verified is nobody’s', async () => {
    provider.visitor = somebody({ email_verified: false })
    const { user } = await social.signIn('GOOGLE')
    const row = await postgres.prisma.user.findUniqueOrThrow({ where: { id: user!.id } })
    expect(row).toMatchObject({ email: null, verifiedEmail: null })
  })

  it('may be missing, and so may the names', async () => {
    const { email: _, name: __, given_name: ___, ...nameless } = somebody()
    provider.visitor = nameless
    expect(await social.signIn('YANDEX')).toMatchObject({
      __typename: 'Session',
      user: { email: null, firstName: null },
    })
  })

  it('that somebody typed here without proof keeps its owner from nothing', async () => {
    const { email } = provider.visitor
    const squatter = await social.register({ login: 'squatter', email })
    const { __typename, user } = await social.signIn('GOOGLE')
    expect(__typename).toBe('Session')
    expect(user!.id).not.toBe(squatter.user.id)
  })

  it('that an account here has verified lets in only after its owner has logged in', async () => {
    const first = await social.signIn('YANDEX')
    const { email } = provider.visitor
    // another person of the provider who has, by now, the same address
    provider.visitor = somebody({ email: email!.toUpperCase() })
    const offer = await social.signIn('GOOGLE')
    expect(offer).toMatchObject({ __typename: 'ConfirmByLoggingIn', provider: 'GOOGLE' })
    expect(offer.user).toBeUndefined()

    const stranger = await social.register({ login: 'stranger' })
    const ended = { __typename: 'SocialFlowEnded' }
    expect(await social.accept(offer.linkToken!, viewerOf(stranger))).toMatchObject(ended)
    const owner = viewerIn(first)
    expect(await social.accept(offer.linkToken!, owner)).toMatchObject({
      __typename: 'SocialAccountLinked',
      provider: 'GOOGLE',
    })
    expect(await social.accept(offer.linkToken!, owner)).toMatchObject(ended)
    expect((await social.signIn('GOOGLE')).user!.id).toBe(first.user!.id)
  })

  it('makes no offer that lasts longer than ten minutes', async () => {
    const owner = viewerIn(await social.signIn('YANDEX'))
    provider.visitor = somebody({ email: provider.visitor.email! })
    const { linkToken } = await social.signIn('GOOGLE')
    clock.advance({ seconds: 600 })
    const outcome = await social.accept(linkToken!, owner)
    expect(outcome).toMatchObject({ __typename: 'SocialFlowEnded' })
  })
})

describe('a blocked account', () => {
  it('is not let in, is told so, and has it in its history', async () => {
    const { user } = await social.signIn('GOOGLE')
    const { id } = user!
    const blockedReason = 'Shared the password with half of the town.'
    await postgres.prisma.user.update({
      where: { id },
      data: { blockedAt: clock.now(), blockedReason },
    })
    const callback = await social.comeBack(await social.start('GOOGLE'))
    const { message, extensions } = await social.completeError(callback)
    expect(extensions.code).toBe('FORBIDDEN')
    expect(message).toContain(blockedReason)
    const history = await postgres.prisma.loginAttempt.findMany({
      where: { userId: id },
      orderBy: { at: 'asc' },
    })
    expect(history.map((it) => [it.method, it.outcome])).toEqual([
      ['GOOGLE', 'SUCCESS'],
      ['GOOGLE', 'BLOCKED'],
    ])
  })
})

describe('anyone', () => {
  const begin = (address: string) =>
    execute(social.subgraph, {
      query: `mutation { startSocialSignIn(provider: YANDEX, redirectUri: "${REDIRECT_URI}") { flow } }`,
      headers: { [CLIENT_HEADERS.address]: address },
    })

  it('may begin as often as a person would, and then has to wait', async () => {
    const answers = await Promise.all(
      Array.from({ length: MAX_FLOWS + 3 }, () => begin('192.0.2.7')),
    )
    const refused = answers.filter((it) => it.errors)
    expect(refused).toHaveLength(3)
    const { extensions } = expectError(refused[0]!)
    expect(extensions).toMatchObject({ code: 'RATE_LIMITED' })
    expect(extensions['retryAfterSeconds']).toBeLessThanOrEqual(600)
    expectData(await begin('192.0.2.8'))
  })

  it('may have the tokens as cookies', async () => {
    const input = await social.comeBack(await social.start('GOOGLE'))
    const { body, setCookie } = await social.subgraph.execute({
      headers: await testIdentity.headersFor(ANONYMOUS, 'users'),
      body: {
        query: `mutation ($input: SocialCallbackInput!) {
          completeSocialSignIn(input: $input, delivery: COOKIE) {
            ... on Session { accessToken refreshToken user { id } }
          }
        }`,
        variables: { input },
      },
    })
    const { data } = JSON.parse(body) as { data: { completeSocialSignIn: unknown } }
    expect(data.completeSocialSignIn).toMatchObject({ accessToken: null, refreshToken: null })
    expect(setCookie).toHaveLength(2)
  })
})

describe('what is set up', () => {
  it('is listed', async () => {
    const answer = await social.run('{ socialProviders }', {})
    expect(expectData(answer)).toEqual({ socialProviders: ['YANDEX', 'GOOGLE'] })
  })

  it('is all that can be used', async () => {
    const without = await startSocial(postgres, provider, { change: { google: undefined } })
    const answer = await without.run('{ socialProviders }', {})
    expect(expectData(answer)).toEqual({ socialProviders: ['YANDEX'] })
    const asked = { provider: 'GOOGLE', redirectUri: REDIRECT_URI } as const
    const { message, extensions } = await without.startError(asked)
    expect(extensions).toMatchObject({ code: 'NOT_FOUND', argument: ['provider'] })
    expect(message).toBe('Signing in with Google is not set up here.')
  })
})

it('logs nothing that could be used', async () => {
  const callback = await social.comeBack(await social.start('GOOGLE'))
  const { accessToken, refreshToken } = await social.complete(callback)
  const secrets = [callback.code!, callback.flow!, callback.state!, accessToken!, refreshToken!]
  const lines = JSON.stringify(social.lines)
  for (const secret of [...secrets, CLIENT.clientSecret, PASSWORD]) {
    expect(lines).not.toContain(secret)
  }
})

it('forgets flows and offers that have expired', async () => {
  await social.start('GOOGLE')
  await social.start('YANDEX')
  await social.signIn('YANDEX')
  provider.visitor = somebody({ email: provider.visitor.email! })
  await social.signIn('GOOGLE')
  clock.advance({ seconds: 600 })
  const fresh = await social.start('GOOGLE')
  const flows = new SocialFlowRepository(postgres.prisma)
  const offers = new SocialLinkOfferRepository(postgres.prisma)
  expect(await flows.deleteExpired(clock.now(), 1)).toBe(1)
  expect(await flows.deleteExpired(clock.now(), 1000)).toBeGreaterThanOrEqual(1)
  expect(await offers.deleteExpired(clock.now(), 1000)).toBeGreaterThanOrEqual(1)
  const left = await postgres.prisma.socialFlow.findMany({ select: { expiresAt: true } })
  expect(left).toEqual([{ expiresAt: new Date(fresh.expiresAt) }])
  expect(await postgres.prisma.socialLinkOffer.count()).toBe(0)
})
