import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import type { Account } from '../accounts/account.repository.js'
import type { AccountService } from '../accounts/account.service.js'
import { accountBlocked, type Asking } from '../authentication/authentication.service.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import type { IssuedSession, LogIn, SessionService } from '../sessions/session.service.js'
import { hashSecret, newSecret } from '../secret.js'
import type { SocialAccountRepository, SocialIdentity } from './social-account.repository.js'
import {
  FLOW_MS,
  type FlowOutcome,
  type SocialCallback,
  type SocialFlowService,
} from './social-flow.service.js'
import type { SocialLinkOfferRepository } from './social-link-offer.repository.js'
import type { SocialProfile, SocialProvider } from './social-provider.js'

export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly session: IssuedSession }
  /** The person has an account here: it is linked once they have logged in to it. */
  | ({ readonly kind: 'confirm' } & LinkOffer)
  | Exclude<FlowOutcome, { kind: 'identified' }>

export interface LinkOffer {
  readonly linkToken: string
  readonly expiresAt: Date
  readonly provider: SocialProvider
  readonly email: string
}

export interface SocialSignInDependencies {
  flows: SocialFlowService
  socialAccounts: SocialAccountRepository
  offers: SocialLinkOfferRepository
  accounts: AccountService
  sessions: SessionService
  history: LoginHistoryService
  now: Clock
}

type Identified = Extract<FlowOutcome, { kind: 'identified' }>

export class SocialSignInService {
  constructor(private readonly dependencies: SocialSignInDependencies) {}

  providers(): SocialProvider[] {
    return this.dependencies.flows.providers()
  }

  /** Throws what `SocialFlowService.begin` throws. */
  begin(asked: { provider: SocialProvider; redirectUri: string }, asking: Asking) {
    return this.dependencies.flows.begin({ ...asked, userId: null }, asking)
  }

  /** Throws BAD_USER_INPUT with the path under `input`, FORBIDDEN for a blocked account, and DependencyError. */
  async complete(input: SocialCallback, { client, signal }: Asking): Promise<SignInOutcome> {
    const outcome = await this.dependencies.flows.finish(input, null, signal)
    if (outcome.kind !== 'identified') return outcome
    const found =
      (await this.recognise(outcome)) ??
      (await this.register(outcome)) ??
      // the same person came twice at once, or has just confirmed the address: now they are known
      (await this.recognise(outcome))
    if (!found) throw new AppError('CONFLICT', 'This account changed meanwhile. Begin again.')
    if ('linkToken' in found) return { kind: 'confirm', ...found }
    const logIn = { method: outcome.provider, client }
    await this.refuseBlocked(found, logIn)
    return { kind: 'signed-in', session: await this.dependencies.sessions.open(found, logIn) }
  }

  /** The account that is linked, or else an offer to link the one that has this address. */
  private async recognise({
    provider,
    profile,
  }: Identified): Promise<Account | LinkOffer | undefined> {
    const { socialAccounts, accounts } = this.dependencies
    const { subject, verifiedEmail } = profile
    // before the owner: whoever makes an account of the same person meanwhile is then found as such, and not as a namesake
    const namesake = verifiedEmail && (await accounts.findByVerifiedEmail(verifiedEmail))
    const owner = await socialAccounts.findOwner({ provider, subject })
    if (owner) {
      const account = await accounts.find(owner.id)
      // of another generation: it may be linked no more, because the password was reset
      return account?.tokenGeneration === owner.tokenGeneration ? account : undefined
    }
    return namesake ? this.offer(namesake.id, identityOf(provider, profile)) : undefined
  }

  private async refuseBlocked({ id: userId, ...account }: Account, logIn: LogIn): Promise<void> {
    if (!account.blockedAt) return
    await this.dependencies.history.record({ userId, outcome: 'BLOCKED', ...logIn })
    throw accountBlocked(account.blockedReason)
  }

  private register({ provider, profile }: Identified): Promise<Account | undefined> {
    const { verifiedEmail: email, firstName, lastName } = profile
    const person = { email, firstName, lastName }
    return this.dependencies.accounts.createSocial(person, identityOf(provider, profile))
  }

  /** `undefined` when the account is gone by now. */
  private async offer(userId: string, identity: SocialIdentity): Promise<LinkOffer | undefined> {
    const { offers, now } = this.dependencies
    const linkToken = newSecret()
    const expiresAt = new Date(now().getTime() + FLOW_MS)
    const offer = { ...identity, hash: hashSecret(linkToken), userId, expiresAt }
    if (!(await offers.create(offer))) return undefined
    return { linkToken, expiresAt, provider: identity.provider, email: identity.email! }
  }
}

export const identityOf = (
  provider: SocialProvider,
  { subject, verifiedEmail, displayName }: SocialProfile,
): SocialIdentity => ({ provider, subject, email: verifiedEmail, displayName })
