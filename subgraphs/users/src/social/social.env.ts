import { integer, list, urlOf } from '@cinegraph/kit/config'
import { z } from 'zod'
import type { SocialSettings } from './social-providers.js'

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])
// what a browser would run or show instead of going there
const NOT_A_PLACE = new Set(['javascript:', 'data:', 'blob:', 'vbscript:', 'file:', 'about:'])

const isSafe = (value: string) => {
  // what is no URL at all is told by another rule
  if (!URL.canParse(value)) return true
  const { protocol, hostname } = new URL(value)
  return protocol !== 'http:' || LOOPBACK.has(hostname)
}

const HTTPS = 'must start with https:, or with http: on this machine'
const providerUrl = (fallback: string) =>
  urlOf('https', 'http').refine(isSafe, { message: HTTPS }).default(fallback)

const redirectUri = z
  .string()
  .refine((value) => URL.canParse(value), { message: 'must be URLs', abort: true })
  .refine(isSafe, { message: HTTPS })
  .refine((value) => !NOT_A_PLACE.has(new URL(value).protocol), {
    message: 'must be addresses of pages or apps',
  })
  .refine((value) => !value.includes('#'), { message: 'must have no fragment' })

/** Settings of social sign-in. A provider without credentials is not offered. */
export const socialEnv = {
  SOCIAL_REDIRECT_URIS: list
    .pipe(z.array(redirectUri))
    .default([])
    .describe(
      'addresses, exactly, to which people may come back from Yandex and Google, comma-separated; apps by their own scheme',
    ),
  SOCIAL_TIMEOUT_MS: integer({ min: 100, max: 60_000, default: 5_000 }).describe(
    'milliseconds that Yandex or Google have to say who somebody is; less than the gateway waits',
  ),
  YANDEX_CLIENT_ID: z.string().optional().describe('of the app registered at oauth.yandex.ru'),
  YANDEX_CLIENT_SECRET: z.string().optional().describe('of the same app'),
  YANDEX_OAUTH_URL: providerUrl('https://oauth.yandex.ru').describe(
    'where /authorize and /token of Yandex are',
  ),
  YANDEX_USERINFO_URL: providerUrl('https://login.yandex.ru/info').describe(
    'what tells who a token of Yandex is of',
  ),
  GOOGLE_CLIENT_ID: z
    .string()
    .optional()
    .describe('of the OAuth client registered at console.cloud.google.com'),
  GOOGLE_CLIENT_SECRET: z.string().optional().describe('of the same client'),
  GOOGLE_ISSUER: providerUrl('https://accounts.google.com').describe(
    'OpenID Connect issuer; the rest is discovered from it',
  ),
}

type SocialEnv = z.output<z.ZodObject<typeof socialEnv>>

/** Adds an issue for each setting that another one makes necessary. */
export function checkSocialEnv(env: SocialEnv, context: z.core.$RefinementCtx): void {
  const require = (name: keyof SocialEnv, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message })
  for (const provider of ['YANDEX', 'GOOGLE'] as const) {
    const id = env[`${provider}_CLIENT_ID`]
    const secret = env[`${provider}_CLIENT_SECRET`]
    if (id && !secret)
      require(`${provider}_CLIENT_SECRET`, `is required with ${provider}_CLIENT_ID`)
    if (secret && !id)
      require(`${provider}_CLIENT_ID`, `is required with ${provider}_CLIENT_SECRET`)
    if (id && env.SOCIAL_REDIRECT_URIS.length === 0) {
      require('SOCIAL_REDIRECT_URIS', `is required with ${provider}_CLIENT_ID`)
    }
  }
}

export const socialSettings = (env: SocialEnv): SocialSettings => ({
  redirectUris: env.SOCIAL_REDIRECT_URIS,
  timeoutMs: env.SOCIAL_TIMEOUT_MS,
  yandex: credentials(env.YANDEX_CLIENT_ID, env.YANDEX_CLIENT_SECRET, {
    oauthUrl: env.YANDEX_OAUTH_URL,
    userInfoUrl: env.YANDEX_USERINFO_URL,
  }),
  google: credentials(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET, {
    issuer: env.GOOGLE_ISSUER,
  }),
})

const credentials = <T extends object>(
  clientId: string | undefined,
  clientSecret: string | undefined,
  urls: T,
) => (clientId && clientSecret ? { ...urls, clientId, clientSecret } : undefined)
