import { ArgsType, Field } from 'type-graphql'
import {
  OWNERS_PASSWORD_OPTIONS,
  type OwnersPassword,
} from '../authentication/owner-confirmation.args.js'
import { OwnersWishArgs } from '../email/owners-wish.args.js'
import { SocialProvider } from './social-provider.js'
import { REDIRECT_URI } from './social.args.js'

@ArgsType()
export class StartSocialLinkArgs {
  @Field(() => SocialProvider, { description: 'Whose account shall be linked.' })
  provider!: SocialProvider

  @Field(() => String, { description: REDIRECT_URI })
  redirectUri!: string

  @Field(() => String, OWNERS_PASSWORD_OPTIONS)
  password?: OwnersPassword
}

@ArgsType()
export class LinkSocialAccountArgs extends OwnersWishArgs {
  @Field(() => String, { description: 'The one of `ConfirmByLoggingIn`.' })
  linkToken!: string
}

@ArgsType()
export class UnlinkSocialAccountArgs extends OwnersWishArgs {
  @Field(() => SocialProvider, { description: 'Whose account shall be unlinked.' })
  provider!: SocialProvider
}
