import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { checkSocialEnv, socialEnv, socialSettings } from './social.env.js'

const schema = z.object(socialEnv).superRefine(checkSocialEnv)
const parse = (env: Record<string, string>) => socialSettings(parseConfig(schema, env))
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parse(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const SOCIAL_REDIRECT_URIS = 'https://cinegraph.test/in'
const google = { GOOGLE_CLIENT_ID: 'app', GOOGLE_CLIENT_SECRET: 'hush', SOCIAL_REDIRECT_URIS }

it('offers nothing unless it is told to', () => {
  expect(parse({})).toEqual({ redirectUris: [], timeoutMs: 5_000 })
})

it('offers what it has credentials for, at the addresses of the real providers', () => {
  const yandex = { YANDEX_CLIENT_ID: 'other-app', YANDEX_CLIENT_SECRET: 'secret' }
  expect(parse({ ...google, ...yandex })).toEqual({
    redirectUris: ['https://cinegraph.test/in'],
    timeoutMs: 5_000,
    google: { issuer: 'https://accounts.google.com', clientId: 'app', clientSecret: 'hush' },
    yandex: {
      oauthUrl: 'https://oauth.yandex.ru',
      userInfoUrl: 'https://login.yandex.ru/info',
      clientId: 'other-app',
      clientSecret: 'secret',
    },
  })
})

it('takes pages, apps on this machine and schemes of apps', () => {
  const uris = [
    'https://a.test/in',
    'http://127.0.0.1:8400/in',
    'http://[::1]/',
    'test.cinegraph:/in',
  ]
  expect(parse({ ...google, SOCIAL_REDIRECT_URIS: uris.join(', ') }).redirectUris).toEqual(uris)
})

it.each([
  ['http://cinegraph.test/in', 'must start with https:'],
  ['http://127.0.0.1.attacker.test/in', 'must start with https:'],
  ['javascript:alert(1)', 'must be addresses of pages or apps'],
  ['data:text/html;hello', 'must be addresses of pages or apps'],
  ['https://cinegraph.test/in#top', 'must have no fragment'],
  ['cinegraph.test/in', 'must be URLs'],
])('refuses to send people to %s', (uri, message) => {
  const problems = problemsOf({ ...google, SOCIAL_REDIRECT_URIS: `https://a.test/in,${uri}` })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(`SOCIAL_REDIRECT_URIS: ${message}`)
})

it.each(['GOOGLE_ISSUER', 'YANDEX_OAUTH_URL', 'YANDEX_USERINFO_URL'])(
  'speaks plain HTTP as %s on this machine only',
  (name) => {
    expect(problemsOf({ [name]: 'http://127.0.0.1:9000' })).toEqual([])
    expect(problemsOf({ [name]: 'http://provider.test' })[0]).toContain(`${name}: must start with`)
    expect(problemsOf({ [name]: 'provider.test' })[0]).toContain(`${name}: must be a URL`)
  },
)

it.each([
  [{ GOOGLE_CLIENT_ID: 'app', SOCIAL_REDIRECT_URIS }, 'GOOGLE_CLIENT_SECRET'],
  [{ YANDEX_CLIENT_SECRET: 'hush', SOCIAL_REDIRECT_URIS }, 'YANDEX_CLIENT_ID'],
  [{ GOOGLE_CLIENT_ID: 'app', GOOGLE_CLIENT_SECRET: 'hush' }, 'SOCIAL_REDIRECT_URIS'],
])('says what is missing beside %o', (env, missing) => {
  const problems = problemsOf(env)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(new RegExp(`^${missing}: is required with `))
  expect(problems[0]).not.toContain('hush')
})
