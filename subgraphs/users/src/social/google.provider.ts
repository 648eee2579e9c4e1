import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import {
  createOAuthClient,
  httpOptions,
  type OAuthCredentials,
  type TokenAnswer,
} from './oauth-client.js'
import { providedEmail, providedName, subject } from './profile.rules.js'
import type { SocialProfile, SocialProviderAdapter } from './social-provider.js'

export interface GoogleOptions extends OAuthCredentials {
  issuer: string
}

const claims = z.object({
  sub: subject,
  email: providedEmail,
  email_verified: z.boolean().catch(false),
  name: providedName,
  given_name: providedName,
  family_name: providedName,
})

/** Google by OpenID Connect: https://developers.google.com/identity/openid-connect/openid-connect */
export function createGoogle(options: GoogleOptions, timeoutMs: number): SocialProviderAdapter {
  return createOAuthClient({
    ...options,
    url: options.issuer,
    parametersOf: ({ nonce }) => ({ scope: 'openid email profile', nonce }),
    server: discoverOnce(options.issuer, timeoutMs),
    profileOf,
  })
}

/** Asks until it is answered once: the addresses stay, and the keys, which do not, are kept apart by the library. */
function discoverOnce(issuer: string, timeoutMs: number) {
  let known: Promise<oauth.AuthorizationServer> | undefined
  const discover = async () => {
    const url = new URL(issuer)
    const http = httpOptions(issuer, AbortSignal.timeout(timeoutMs))
    return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, http))
  }
  return () =>
    (known ??= discover().catch((error: unknown) => {
      known = undefined
      throw error
    }))
}

async function profileOf(answer: TokenAnswer): Promise<SocialProfile> {
  const { server, client, response, request, http } = answer
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: request.nonce,
    requireIdToken: true,
  })
  // the library takes TLS for the proof of who signed unless it is told otherwise
  await oauth.validateApplicationLevelSignature(server, response, http)
  const token = claims.parse(oauth.getValidatedIdTokenClaims(tokens))
  return {
    subject: token.sub,
    verifiedEmail: token.email_verified ? token.email : null,
    displayName: token.name,
    firstName: token.given_name,
    lastName: token.family_name,
  }
}
