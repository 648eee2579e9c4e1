import { parseJson } from '@cinegraph/kit/json'
import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { createOAuthClient, type OAuthCredentials, type TokenAnswer } from './oauth-client.js'
import { providedEmail, providedName, subject } from './profile.rules.js'
import type { SocialProfile, SocialProviderAdapter } from './social-provider.js'

export interface YandexOptions extends OAuthCredentials {
  /** Where `/authorize` and `/token` are. */
  oauthUrl: string
  userInfoUrl: string
}

// https://yandex.com/dev/id/doc/en/user-information
const userInfo = z.object({
  id: subject,
  default_email: providedEmail,
  display_name: providedName,
  real_name: providedName,
  first_name: providedName,
  last_name: providedName,
})

/** Yandex ID by OAuth 2.0, without OpenID Connect: https://yandex.com/dev/id/doc/en/codes/code-url */
export function createYandex(options: YandexOptions): SocialProviderAdapter {
  const oauthUrl = options.oauthUrl.replace(/\/+$/, '')
  const server: oauth.AuthorizationServer = {
    issuer: oauthUrl,
    authorization_endpoint: `${oauthUrl}/authorize`,
    token_endpoint: `${oauthUrl}/token`,
  }
  return createOAuthClient({
    ...options,
    url: oauthUrl,
    parametersOf: () => ({ scope: 'login:info login:email' }),
    server: async () => server,
    profileOf: (answer) => profileOf(answer, new URL(options.userInfoUrl)),
  })
}

async function profileOf(answer: TokenAnswer, url: URL): Promise<SocialProfile> {
  const { server, client, response, http } = answer
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response)
  const token = tokens.access_token
  const info = await oauth.protectedResourceRequest(token, 'GET', url, undefined, undefined, http)
  if (info.status !== 200) throw new Error(`user information was answered with ${info.status}`)
  const person = userInfo.parse(parseJson(await info.text()))
  return {
    subject: person.id,
    // Yandex gives out only addresses that it has confirmed, and says nothing of it in the answer
    verifiedEmail: person.default_email,
    displayName: person.real_name ?? person.display_name,
    firstName: person.first_name,
    lastName: person.last_name,
  }
}
