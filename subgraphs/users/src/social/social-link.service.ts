import type { Clock } from '@cinegraph/kit/clock'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Language } from '@cinegraph/kit/language'
import { mayReadPrivate } from '../accounts/account-access.js'
import type { Asking, AuthenticationService } from '../authentication/authentication.service.js'
import type { OwnersPassword } from '../authentication/owner-confirmation.args.js'
import type { AccountNotices } from '../email/account-notices.js'
import { hashSecret } from '../secret.js'
import { accountChanged, type OwnerProof } from '../sessions/owner-proof.js'
import type {
  LinkedAccount,
  SocialAccountRepository,
  SocialIdentity,
} from './social-account.repository.js'
import type {
  FlowOutcome,
  SocialCallback,
  SocialFlowService,
  StartedFlow,
} from './social-flow.service.js'
import type { SocialLinkOfferRepository } from './social-link-offer.repository.js'
import { PROVIDER_NAMES, type SocialProvider } from './social-provider.js'
import { identityOf } from './social-sign-in.service.js'

export type LinkOutcome =
  | { readonly kind: 'linked' | 'taken' | 'other'; readonly provider: SocialProvider }
  | Exclude<FlowOutcome, { kind: 'identified' }>

/** What the owner gives to prove to be so, and the language of the mail that tells of it. */
export interface OwnersWish {
  readonly password?: OwnersPassword
  readonly language: Language
}

export interface SocialLinkDependencies {
  authentication: Pick<AuthenticationService, 'confirmOwner' | 'renewProof'>
  flows: SocialFlowService
  socialAccounts: SocialAccountRepository
  offers: SocialLinkOfferRepository
  notices: AccountNotices
  now: Clock
}

/**
 * What a person who is logged in does with their social accounts. All but `listOf` throw UNAUTHENTICATED, and what asks for
 * the password also FORBIDDEN and RATE_LIMITED, as `confirmOwner` does: whoever is linked gets in from then on.
 */
export class SocialLinkService {
  constructor(private readonly dependencies: SocialLinkDependencies) {}

  /** Throws what `SocialFlowService.begin` throws. */
  async begin(
    viewer: Viewer,
    {
      password,
      ...asked
    }: { provider: SocialProvider; redirectUri: string; password?: OwnersPassword },
    asking: Asking,
  ): Promise<StartedFlow> {
    const { authentication, flows } = this.dependencies
    const { userId } = await authentication.confirmOwner(viewer, { password, ...asking })
    return flows.begin({ ...asked, userId }, asking)
  }

  /** Throws BAD_USER_INPUT with the path under `input`, and DependencyError. */
  async complete(
    viewer: Viewer,
    { input, language }: { input: SocialCallback; language: Language },
    signal: AbortSignal,
  ): Promise<LinkOutcome> {
    const { authentication, flows } = this.dependencies
    // before the flow is looked for, which goes with the password that it was begun with
    const proof = await authentication.renewProof(viewer)
    const outcome = await flows.finish(input, proof.userId, signal)
    if (outcome.kind !== 'identified') return outcome
    return this.link(proof, identityOf(outcome.provider, outcome.profile), language)
  }

  /** Accepts what a sign-in offered: only the owner of the account that has the address may. */
  async accept(
    viewer: Viewer,
    { linkToken, password, language }: OwnersWish & { linkToken: string },
    asking: Asking,
  ): Promise<LinkOutcome> {
    const { authentication, offers, now } = this.dependencies
    const proof = await authentication.confirmOwner(viewer, { password, ...asking })
    const offer = { hash: hashSecret(linkToken), userId: proof.userId }
    const identity = await offers.take(offer, now())
    return identity ? this.link(proof, identity, language) : { kind: 'ended' }
  }

  /** Safe to repeat. False when nothing else would be left to log in with. */
  async unlink(
    viewer: Viewer,
    { provider, password, language }: OwnersWish & { provider: SocialProvider },
    asking: Asking,
  ): Promise<boolean> {
    const { authentication, socialAccounts } = this.dependencies
    const proof = await authentication.confirmOwner(viewer, { password, ...asking })
    const outcome = await socialAccounts.unlink(proof, provider)
    if (outcome === 'outdated') throw accountChanged()
    if (outcome === 'unlinked') this.tell(proof, { kind: 'socialUnlinked', provider }, language)
    return outcome !== 'last'
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

  private async link(
    proof: OwnerProof,
    identity: SocialIdentity,
    language: Language,
  ): Promise<LinkOutcome> {
    const { socialAccounts, now } = this.dependencies
    const { provider } = identity
    const outcome = await socialAccounts.link(proof, identity, now())
    if (outcome === 'outdated') throw accountChanged()
    if (outcome === 'linked') this.tell(proof, { kind: 'socialLinked', provider }, language)
    return { kind: outcome === 'kept' ? 'linked' : outcome, provider }
  }

  private tell(
    { userId }: OwnerProof,
    { kind, provider }: { kind: 'socialLinked' | 'socialUnlinked'; provider: SocialProvider },
    language: Language,
  ): void {
    this.dependencies.notices.tell(userId, { kind, provider: PROVIDER_NAMES[provider] }, language)
  }
}
