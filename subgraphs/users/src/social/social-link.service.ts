import type { Clock } from '@cinegraph/kit/clock'
import { requireUser, type Viewer } from '@cinegraph/kit/identity'
import { mayReadPrivate } from '../accounts/account-access.js'
import { ownAccountGone } from '../accounts/account.service.js'
import type { Asking } from '../authentication/authentication.service.js'
import { hashSecret } from '../secret.js'
import type {
  LinkedAccount,
  LinkRowOutcome,
  SocialAccountRepository,
  SocialIdentity,
} from './social-account.repository.js'
import type { FlowOutcome, SocialCallback, SocialFlowService } from './social-flow.service.js'
import type { SocialLinkOfferRepository } from './social-link-offer.repository.js'
import type { SocialProvider } from './social-provider.js'
import { identityOf } from './social-sign-in.service.js'

export type LinkOutcome =
  | { readonly kind: Exclude<LinkRowOutcome, 'gone'>; readonly provider: SocialProvider }
  | Exclude<FlowOutcome, { kind: 'identified' }>

export interface SocialLinkDependencies {
  flows: SocialFlowService
  socialAccounts: SocialAccountRepository
  offers: SocialLinkOfferRepository
  now: Clock
}

/** What a person who is logged in does with their social accounts. All methods throw UNAUTHENTICATED. */
export class SocialLinkService {
  constructor(private readonly dependencies: SocialLinkDependencies) {}

  /** Throws what `SocialFlowService.begin` throws. */
  async begin(
    viewer: Viewer,
    asked: { provider: SocialProvider; redirectUri: string },
    asking: Asking,
  ) {
    const { id: userId } = requireUser(viewer)
    return this.dependencies.flows.begin({ ...asked, userId }, asking)
  }

  /** Throws BAD_USER_INPUT with the path under `input`, and DependencyError. */
  async complete(viewer: Viewer, input: SocialCallback, signal: AbortSignal): Promise<LinkOutcome> {
    const { id } = requireUser(viewer)
    const outcome = await this.dependencies.flows.finish(input, id, signal)
    if (outcome.kind !== 'identified') return outcome
    return this.link(id, identityOf(outcome.provider, outcome.profile))
  }

  /** Accepts what a sign-in offered: only the owner of the account that has the address may. */
  async accept(viewer: Viewer, linkToken: string): Promise<LinkOutcome> {
    const { id: userId } = requireUser(viewer)
    const { offers, now } = this.dependencies
    const identity = await offers.take({ hash: hashSecret(linkToken), userId }, now())
    return identity ? this.link(userId, identity) : { kind: 'ended' }
  }

  /** Safe to repeat. False when nothing else would be left to log in with. */
  async unlink(viewer: Viewer, provider: SocialProvider): Promise<boolean> {
    const { id } = requireUser(viewer)
    return this.dependencies.socialAccounts.unlink(id, provider, this.dependencies.now())
  }

  /** By user; null for those whose accounts `viewer` may not see. */
  async listOf(viewer: Viewer, userIds: readonly string[]): Promise<(LinkedAccount[] | null)[]> {
    const readable = userIds.filter((id) => mayReadPrivate(viewer, id))
    const linked =
      readable.length > 0 ? await this.dependencies.socialAccounts.listOf(readable) : []
    return userIds.map((id) =>
      mayReadPrivate(viewer, id) ? linked.filter(({ userId }) => userId === id) : null,
    )
  }

  private async link(userId: string, identity: SocialIdentity): Promise<LinkOutcome> {
    const { socialAccounts, now } = this.dependencies
    const kind = await socialAccounts.link(userId, identity, now())
    if (kind === 'gone') throw ownAccountGone()
    return { kind, provider: identity.provider }
  }
}
