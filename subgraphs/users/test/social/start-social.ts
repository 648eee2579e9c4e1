import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { UserViewer, Viewer } from '@cinegraph/kit/identity'
import { expectData, expectError, type TestError } from '@cinegraph/testkit/execute'
import type { SocialSettings } from '../../src/social/social-providers.js'
import { PASSWORD, SESSION, type SessionData, startUsers, viewerOf } from '../start-users.js'
import { browse, CLIENT, REDIRECT_URI, type TestProvider } from './provider.js'

export type ProviderName = 'GOOGLE' | 'YANDEX'

export interface Flow {
  authorizationUrl: string
  flow: string
  expiresAt: string
}

export type Callback = Partial<Record<'flow' | 'state' | 'code' | 'error' | 'iss', string>>

/** Whatever a mutation of social sign-in answered. */
export type Outcome = { __typename: string } & Partial<SessionData> & {
    linkToken?: string
    message?: string
    provider?: ProviderName
    reason?: string
    email?: string
    expiresAt?: string
  }

/** Who was let in. */
export const viewerIn = (outcome: Outcome): UserViewer => viewerOf(outcome as SessionData)

const FLOW = 'authorizationUrl flow expiresAt'
const LINKED = 'provider user { id socialAccounts { provider email displayName linkedAt } }'
const START = `mutation ($provider: SocialProvider!, $redirectUri: String!) {
  started: startSocialSignIn(provider: $provider, redirectUri: $redirectUri) { ${FLOW} }
}`
const START_LINK = `mutation ($provider: SocialProvider!, $redirectUri: String!, $password: String) {
  started: startSocialLink(provider: $provider, redirectUri: $redirectUri, password: $password) { ${FLOW} }
}`
const COMPLETE = `mutation ($input: SocialCallbackInput!) {
  outcome: completeSocialSignIn(input: $input) {
    __typename
    ... on Session { ${SESSION} }
    ... on ConfirmByLoggingIn { linkToken expiresAt provider email }
    ... on SocialSignInRefused { provider reason }
    ... on SocialFlowEnded { message }
  }
}`
const LINK_RESULT = `{
  __typename
  ... on SocialAccountLinked { ${LINKED} }
  ... on SocialAccountTaken { provider }
  ... on OtherSocialAccountLinked { provider }
  ... on SocialSignInRefused { provider reason }
  ... on SocialFlowEnded { message }
}`
const COMPLETE_LINK = `mutation ($input: SocialCallbackInput!) {
  outcome: completeSocialLink(input: $input) ${LINK_RESULT}
}`
const ACCEPT = `mutation ($linkToken: String!, $password: String) {
  outcome: linkSocialAccount(linkToken: $linkToken, password: $password) ${LINK_RESULT}
}`
const UNLINK = `mutation ($provider: SocialProvider!, $password: String, $language: Language! = EN) {
  outcome: unlinkSocialAccount(provider: $provider, password: $password, language: $language) {
    __typename
    ... on SocialAccountUnlinked { ${LINKED} }
    ... on LastCredential { provider }
  }
}`

/** What those give who have a password; others need none while their session is young. */
const OWNER = { password: PASSWORD }
export interface Owner {
  password: string | null
}

export const socialSettings = (
  { url }: { url: string },
  change: Partial<SocialSettings> = {},
): SocialSettings => ({
  redirectUris: [REDIRECT_URI],
  timeoutMs: 10_000,
  google: { ...CLIENT, issuer: url },
  yandex: { ...CLIENT, oauthUrl: url, userInfoUrl: `${url}/info` },
  ...change,
})

type Options = Parameters<typeof startUsers>[1] & { change?: Partial<SocialSettings> }

/** A started subgraph to which `provider` is both Google and Yandex, and what people do with it. */
export async function startSocial(
  postgres: Postgres,
  provider: TestProvider,
  { change, ...options }: Options = {},
) {
  const users = await startUsers(postgres, { ...options, social: socialSettings(provider, change) })
  const run = async <T>(query: string, variables: Record<string, unknown>, viewer?: Viewer) =>
    expectData(await users.run<T>(query, variables, viewer))
  const errorOf = async (
    query: string,
    variables: Record<string, unknown>,
    viewer?: Viewer,
  ): Promise<TestError> => expectError(await users.run(query, variables, viewer))

  const start = async (name: ProviderName, viewer?: Viewer): Promise<Flow> => {
    const variables = { provider: name, redirectUri: REDIRECT_URI, ...(viewer && OWNER) }
    const query = viewer ? START_LINK : START
    return (await run<{ started: Flow }>(query, variables, viewer)).started
  }
  const comeBack = async ({ authorizationUrl, flow }: Flow): Promise<Callback> => {
    const place = await browse(authorizationUrl)
    if (place.origin + place.pathname !== REDIRECT_URI) throw new Error(`sent to ${place.href}`)
    const { error_description: _, ...parameters } = Object.fromEntries(place.searchParams)
    return { flow, ...parameters }
  }
  const outcomeOf = async (
    query: string,
    variables: Record<string, unknown>,
    viewer?: Viewer,
  ): Promise<Outcome> => (await run<{ outcome: Outcome }>(query, variables, viewer)).outcome

  return {
    ...users,
    start,
    startError: (variables: { provider: ProviderName; redirectUri: string }) =>
      errorOf(START, variables),
    startLinkError: (
      variables: { provider: ProviderName; redirectUri: string; password?: string | null },
      viewer?: Viewer,
    ) => errorOf(START_LINK, { ...OWNER, ...variables }, viewer),
    /** To the provider and back. */
    comeBack,
    complete: (input: Callback) => outcomeOf(COMPLETE, { input }),
    completeError: (input: Callback) => errorOf(COMPLETE, { input }),
    completeLink: (input: Callback, viewer: Viewer) => outcomeOf(COMPLETE_LINK, { input }, viewer),
    completeLinkError: (input: Callback, viewer?: Viewer) =>
      errorOf(COMPLETE_LINK, { input }, viewer),
    accept: (linkToken: string, viewer: Viewer) =>
      outcomeOf(ACCEPT, { linkToken, ...OWNER }, viewer),
    acceptError: (linkToken: string, viewer?: Viewer, owner: Owner = OWNER) =>
      errorOf(ACCEPT, { linkToken, ...owner }, viewer),
    unlink: (name: ProviderName, viewer: Viewer) =>
      outcomeOf(UNLINK, { provider: name, ...OWNER }, viewer),
    unlinkError: (name: ProviderName, viewer?: Viewer, owner: Owner = OWNER) =>
      errorOf(UNLINK, { provider: name, ...owner }, viewer),
    /** The whole way, as whoever sits at the browser. */
    async signIn(name: ProviderName): Promise<Outcome> {
      return outcomeOf(COMPLETE, { input: await comeBack(await start(name)) })
    },
    async link(name: ProviderName, viewer: Viewer): Promise<Outcome> {
      const input = await comeBack(await start(name, viewer))
      return outcomeOf(COMPLETE_LINK, { input }, viewer)
    },
  }
}
export type Social = Awaited<ReturnType<typeof startSocial>>
