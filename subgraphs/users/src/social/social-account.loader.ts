import type { Viewer } from '@cinegraph/kit/identity'
import DataLoader from 'dataloader'
import type { LinkedAccount } from './social-account.repository.js'
import type { SocialLinkService } from './social-link.service.js'

export type SocialAccountLoader = DataLoader<string, readonly LinkedAccount[] | null>

/** Linked accounts by user as `viewer` may see them. One per request. */
export const createSocialAccountLoader = (
  links: SocialLinkService,
  viewer: Viewer,
): SocialAccountLoader => new DataLoader((userIds) => links.listOf(viewer, userIds))
