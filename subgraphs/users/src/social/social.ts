import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Registry } from '@cinegraph/kit/metrics'
import type { AccountService } from '../accounts/account.service.js'
import type { AuthenticationService } from '../authentication/authentication.service.js'
import type { AccountNotices } from '../email/account-notices.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { createFlowLimit } from './flow-limit.js'
import { createSocialAccountLoader, type SocialAccountLoader } from './social-account.loader.js'
import { SocialAccountRepository } from './social-account.repository.js'
import { SocialAccountResolver } from './social-account.resolver.js'
import { SocialFlowRepository } from './social-flow.repository.js'
import { FLOW_MS, SocialFlowService } from './social-flow.service.js'
import { SocialLinkOfferRepository } from './social-link-offer.repository.js'
import { SocialLinkService } from './social-link.service.js'
import { createSocialProviders, type SocialSettings } from './social-providers.js'
import { SocialSignInService } from './social-sign-in.service.js'
import { SocialSignInResolver } from './social.resolver.js'

export interface SocialDependencies {
  prisma: Postgres['prisma']
  counters: Counters
  accounts: AccountService
  authentication: AuthenticationService
  notices: AccountNotices
  sessions: SessionService
  history: LoginHistoryService
  metrics: Registry
  settings: SocialSettings
  now: Clock
}

/** Social sign-in, wired: what the subgraph takes of it. */
export function createSocial(dependencies: SocialDependencies) {
  const { prisma, counters, metrics, settings, now } = dependencies
  const flowRepository = new SocialFlowRepository(prisma)
  const offers = new SocialLinkOfferRepository(prisma)
  const socialAccounts = new SocialAccountRepository(prisma)
  const flows = new SocialFlowService({
    repository: flowRepository,
    providers: createSocialProviders(settings, metrics),
    redirectUris: settings.redirectUris,
    limit: createFlowLimit(counters, FLOW_MS),
    now,
  })
  const links = new SocialLinkService({ ...dependencies, flows, socialAccounts, offers })
  const signIns = new SocialSignInService({ ...dependencies, flows, socialAccounts, offers })
  return {
    resolvers: [new SocialSignInResolver(signIns), new SocialAccountResolver(links)] as const,
    loader: (viewer: Viewer): SocialAccountLoader => createSocialAccountLoader(links, viewer),
    /** What housekeeping deletes. */
    expiring: { social_flows: flowRepository, social_link_offers: offers },
  }
}
