import * as oauth from 'oauth4webapi'
import { boundedFetch } from './bounded-fetch.js'
import type {
  AuthorizationRequest,
  Identification,
  SocialProfile,
  SocialProviderAdapter,
} from './social-provider.js'

export interface OAuthCredentials {
  clientId: string
  clientSecret: string
}

export interface TokenAnswer {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  /** Not read yet. */
  readonly response: Response
  readonly request: AuthorizationRequest
  readonly http: ReturnType<typeof httpOptions>
}

export interface OAuthClientOptions extends OAuthCredentials {
  /** The provider's address; plain HTTP is spoken only to a provider that is configured so. */
  url: string
  /** Of the authorization URL, besides those that every provider takes. */
  parametersOf: (request: AuthorizationRequest) => Record<string, string>
  server: () => Promise<oauth.AuthorizationServer>
  profileOf: (answer: TokenAnswer) => Promise<SocialProfile>
}

// of the token endpoint, for a code that is spent, forged, expired or not ours; the second is an older word of Yandex
const BAD_CODE = new Set(['invalid_grant', 'bad_verification_code'])

/** How the library makes requests. */
export const httpOptions = (url: string, signal: AbortSignal) => ({
  signal,
  [oauth.customFetch]: boundedFetch,
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out: a server of tests has no TLS
  [oauth.allowInsecureRequests]: new URL(url).protocol === 'http:',
})

/** The authorization code flow with PKCE (RFC 6749, 7636, 9207), which is the same for every provider. */
export function createOAuthClient(options: OAuthClientOptions): SocialProviderAdapter {
  const client: oauth.Client = { client_id: options.clientId }
  const authentication = oauth.ClientSecretPost(options.clientSecret)
  return {
    async authorizationUrl(request) {
      const { authorization_endpoint: endpoint } = await options.server()
      if (endpoint === undefined) throw new Error('the provider names no authorization endpoint')
      const url = new URL(endpoint)
      const parameters = {
        client_id: options.clientId,
        redirect_uri: request.redirectUri,
        response_type: 'code',
        state: request.state,
        code_challenge: await oauth.calculatePKCECodeChallenge(request.codeVerifier),
        code_challenge_method: 'S256',
        ...options.parametersOf(request),
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url
    },

    async identify(request, callback, signal) {
      const server = await options.server()
      const checked = checkCallback(() =>
        oauth.validateAuthResponse(server, client, callback, request.state),
      )
      if (!(checked instanceof URLSearchParams)) return checked
      const http = httpOptions(options.url, signal)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        checked,
        request.redirectUri,
        request.codeVerifier,
        http,
      )
      return endedByBadCode(async () => ({
        kind: 'identified',
        profile: await options.profileOf({ server, client, response, request, http }),
      }))
    },
  }
}

/** The parameters come through the client: what is wrong with them is no fault of the provider. */
function checkCallback(check: () => URLSearchParams): URLSearchParams | Identification {
  try {
    return check()
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      const reason = error.error === 'access_denied' ? 'DECLINED' : 'PROVIDER_ERROR'
      return { kind: 'refused', reason }
    }
    if (error instanceof oauth.OperationProcessingError) return { kind: 'ended' }
    throw error
  }
}

async function endedByBadCode(work: () => Promise<Identification>): Promise<Identification> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && BAD_CODE.has(error.error)) {
      return { kind: 'ended' }
    }
    throw error
  }
}
