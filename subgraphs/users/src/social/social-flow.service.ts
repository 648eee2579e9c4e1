import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { ownAccountGone } from '../accounts/account.service.js'
import type { Asking } from '../authentication/authentication.service.js'
import type { FlowLimit } from './flow-limit.js'
import { hashSecret, newSecret } from '../secret.js'
import type { SocialFlowRepository } from './social-flow.repository.js'
import {
  PROVIDER_NAMES,
  type RefusalReason,
  type SocialProfile,
  type SocialProvider,
} from './social-provider.js'
import type { SocialProviders } from './social-providers.js'

/** How long a person has to come back from a provider. */
export const FLOW_MS = 10 * 60_000

const secret = z.string().max(256, 'must have at most 256 characters')
const parameter = z.string().max(2048, 'must have at most 2048 characters').nullish()

const callbackRules = z
  .object({ flow: secret, state: secret, code: parameter, error: parameter, iss: parameter })
  .refine((it) => it.code || it.error, { path: ['code'], message: 'is required without `error`' })
export type SocialCallback = z.input<typeof callbackRules>

export interface StartedFlow {
  readonly authorizationUrl: string
  readonly flow: string
  readonly expiresAt: Date
}

export type FlowOutcome =
  | {
      readonly kind: 'identified'
      readonly provider: SocialProvider
      readonly profile: SocialProfile
    }
  | { readonly kind: 'refused'; readonly provider: SocialProvider; readonly reason: RefusalReason }
  | { readonly kind: 'ended' }

export interface SocialFlowDependencies {
  repository: SocialFlowRepository
  providers: SocialProviders
  redirectUris: readonly string[]
  limit: FlowLimit
  now: Clock
}

/** The way to a provider and back, for whatever purpose. */
export class SocialFlowService {
  constructor(private readonly dependencies: SocialFlowDependencies) {}

  providers(): SocialProvider[] {
    return [...this.dependencies.providers.keys()]
  }

  /**
   * `userId` is null for a sign-in. Throws BAD_USER_INPUT for a redirect URI that is not allowed, NOT_FOUND for a provider
   * that is not set up, RATE_LIMITED, UNAUTHENTICATED for somebody who is gone, and DependencyError for a provider that does
   * not answer.
   */
  async begin(
    asked: { provider: SocialProvider; redirectUri: string; userId: string | null },
    { client, signal }: Asking,
  ): Promise<StartedFlow> {
    const { repository, limit, now } = this.dependencies
    const { provider, userId } = asked
    const adapter = this.adapterOf(provider)
    const redirectUri = this.allowed(asked.redirectUri)
    await limit(client)
    const [flow, state, nonce, codeVerifier] = [newSecret(), newSecret(), newSecret(), newSecret()]
    const request = { redirectUri, state, nonce, codeVerifier }
    const url = await adapter.authorizationUrl(request, signal)
    const expiresAt = new Date(now().getTime() + FLOW_MS)
    const key = { flowHash: hashSecret(flow), stateHash: hashSecret(state), userId }
    const row = { ...key, provider, redirectUri, nonce, codeVerifier, expiresAt }
    if (!(await repository.create(row))) throw ownAccountGone()
    return { authorizationUrl: url.href, flow, expiresAt }
  }

  /**
   * Spends the flow, whatever comes of it: the provider may have taken the code even if it did not answer. Throws
   * BAD_USER_INPUT with the path under `input`, and DependencyError.
   */
  async finish(
    input: SocialCallback,
    userId: string | null,
    signal: AbortSignal,
  ): Promise<FlowOutcome> {
    const { repository, now } = this.dependencies
    const { flow, ...callback } = validate(callbackRules, input, 'input')
    const { state } = callback
    const key = { flowHash: hashSecret(flow), stateHash: hashSecret(state), userId }
    const row = await repository.take(key, now())
    if (!row) return { kind: 'ended' }
    const { provider, ...rest } = row
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(callback)) if (value) parameters.set(name, value)
    const answer = await this.adapterOf(provider).identify({ ...rest, state }, parameters, signal)
    return answer.kind === 'ended' ? answer : { ...answer, provider }
  }

  private adapterOf(provider: SocialProvider) {
    const adapter = this.dependencies.providers.get(provider)
    if (adapter) return adapter
    const message = `Signing in with ${PROVIDER_NAMES[provider]} is not set up here.`
    throw new AppError('NOT_FOUND', message, { argument: ['provider'] })
  }

  private allowed(redirectUri: string): string {
    if (this.dependencies.redirectUris.includes(redirectUri)) return redirectUri
    throw new AppError('BAD_USER_INPUT', 'redirectUri: is not one of those that are allowed here', {
      argument: ['redirectUri'],
    })
  }
}
