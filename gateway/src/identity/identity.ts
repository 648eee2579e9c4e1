import { ConfigError } from '@cinegraph/kit/config'
import type { SignViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { type Authenticate, createAuthenticate, everyoneAnonymous } from './authenticate.js'
import { createKeySource, type Fetch, type KeySource } from './key-source.js'
import { createRevocationFeed } from './revocation-feed.js'
import { createRevocations, type Revocations } from './revocations.js'

/** Which access tokens count. */
export interface TokenOptions {
  /** Where their keys are. */
  jwksUrl: URL
  issuer: string
  audience: string
  /** The cookie that holds a token when there is no Authorization header. */
  cookie?: string | undefined
  /** Fields of Query or Mutation that answer also when the token in the cookie does not count. */
  renewalFields?: readonly string[] | undefined
  /** The feed of those that are revoked, which is asked with the signature of `signViewer`. */
  revocationsUrl?: URL | undefined
  /** How both URLs are fetched, when this process serves them itself. */
  fetch?: Fetch | undefined
}

export interface IdentityOptions {
  /** Without it everyone is anonymous. */
  tokens?: TokenOptions | undefined
  signViewer?: SignViewer | undefined
  log: Logger
  metrics: Registry
}

/** What the gateway knows of who asks. */
export interface Identity {
  readonly authenticate: Authenticate
  /** The keys of access tokens, to be published. */
  readonly keys?: KeySource
  /** To be started and stopped. */
  readonly revocations?: Revocations | undefined
}

/** A feed of revocations without a key to ask it is a ConfigError. */
export function createIdentity({ tokens, log, ...options }: IdentityOptions): Identity {
  if (!tokens) return { authenticate: everyoneAnonymous }
  const keys = createKeySource({ url: tokens.jwksUrl, fetch: tokens.fetch, log })
  const revocations = revocationsFrom({ tokens, log, onKeyRevoked: keys.reread, ...options })
  return { authenticate: createAuthenticate({ ...tokens, keys, revocations }), keys, revocations }
}

function revocationsFrom(
  options: IdentityOptions & { tokens: TokenOptions; onKeyRevoked: () => void },
) {
  const { tokens, signViewer, onKeyRevoked, log, metrics } = options
  const { revocationsUrl: url, fetch } = tokens
  if (url === undefined) return undefined
  if (!signViewer) throw new ConfigError(['GATEWAY_SIGNING_KEY: is required by REVOCATIONS_URL'])
  const ask = createRevocationFeed({ url, fetch, signViewer })
  return createRevocations({ ask, onKeyRevoked, log, metrics })
}
