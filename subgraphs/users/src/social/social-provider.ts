/** The same words in the database, in GraphQL and in the login history. */
export const SocialProvider = { YANDEX: 'YANDEX', GOOGLE: 'GOOGLE' } as const
export type SocialProvider = keyof typeof SocialProvider

export const PROVIDER_NAMES: Readonly<Record<SocialProvider, string>> = {
  YANDEX: 'Yandex',
  GOOGLE: 'Google',
}

/** A person as a provider knows them. */
export interface SocialProfile {
  /** The person's id at the provider; it never changes. */
  readonly subject: string
  /** An address that the provider has seen the person read. */
  readonly verifiedEmail: string | null
  /** What the provider calls the person. */
  readonly displayName: string | null
  readonly firstName: string | null
  readonly lastName: string | null
}

/** What one sign-in is made of. All but `redirectUri` are fresh random texts. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** PKCE (RFC 7636): only its hash goes through the browser. */
  readonly codeVerifier: string
}

export type Identification =
  | { readonly kind: 'identified'; readonly profile: SocialProfile }
  /** The person said no, or the provider did. */
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  /** The code is no good any more, or never was one of this request. */
  | { readonly kind: 'ended' }

export const RefusalReason = { DECLINED: 'DECLINED', PROVIDER_ERROR: 'PROVIDER_ERROR' } as const
export type RefusalReason = keyof typeof RefusalReason

/** One provider. Both methods throw DependencyError when it does not answer, or with something else than it should. */
export interface SocialProviderAdapter {
  /** Where the person has to go. */
  authorizationUrl(request: AuthorizationRequest, signal: AbortSignal): Promise<URL>
  /** Exchanges what came back to `redirectUri`: `state`, with `code` or `error`. */
  identify(
    request: AuthorizationRequest,
    callback: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Identification>
}
