import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { createUnionType, Field, ObjectType } from 'type-graphql'
import { User } from '../accounts/user.type.js'
import { SocialProvider } from './social-provider.js'
import { SocialFlowEnded, SocialSignInRefused } from './social.type.js'

@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'An account of a provider with which a person can log in.' })
export class SocialAccount {
  @Field(() => SocialProvider, { description: 'Whose account it is; a person has one of each.' })
  provider!: SocialProvider

  @Field(() => String, {
    nullable: true,
    description: 'Its email address when it was linked; null when the provider confirmed none.',
  })
  email!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What the provider called the person when it was linked.',
  })
  displayName!: string | null

  @Field(() => GraphQLDateTime, { description: 'When it was linked.' })
  linkedAt!: Date
}

@ObjectType({ description: 'From now on the person can log in with it.' })
export class SocialAccountLinked {
  @Field(() => SocialProvider, { description: 'What was linked.' })
  provider!: SocialProvider

  @Field(() => User, { nullable: true, description: 'You, with the new list of `socialAccounts`.' })
  user!: object | null
}

@ObjectType({
  description: 'It logs in to another account of Cinegraph, and has to be unlinked there first.',
})
export class SocialAccountTaken {
  @Field(() => SocialProvider, { description: 'What was to be linked.' })
  provider!: SocialProvider
}

@ObjectType({
  description: 'You have linked another account of this provider; unlink that one first.',
})
export class OtherSocialAccountLinked {
  @Field(() => SocialProvider, { description: 'What was to be linked.' })
  provider!: SocialProvider
}

export const SocialLinkResult = createUnionType({
  name: 'SocialLinkResult',
  description: 'What came of linking a social account.',
  types: () =>
    [
      SocialAccountLinked,
      SocialAccountTaken,
      OtherSocialAccountLinked,
      SocialSignInRefused,
      SocialFlowEnded,
    ] as const,
})

@ObjectType({ description: 'It logs in nobody any more.' })
export class SocialAccountUnlinked {
  @Field(() => SocialProvider, { description: 'What was unlinked.' })
  provider!: SocialProvider

  @Field(() => User, { nullable: true, description: 'You, with the new list of `socialAccounts`.' })
  user!: object | null
}

@ObjectType({
  description:
    'You could not log in any more: you have neither a password nor another social account. Set one of them up first.',
})
export class LastCredential {
  @Field(() => SocialProvider, { description: 'What was to be unlinked.' })
  provider!: SocialProvider
}

export const SocialUnlinkResult = createUnionType({
  name: 'SocialUnlinkResult',
  description: 'What came of unlinking a social account.',
  types: () => [SocialAccountUnlinked, LastCredential] as const,
})
