import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { createUnionType, Field, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { Session } from '../sessions/session.type.js'
import { RefusalReason, SocialProvider } from './social-provider.js'

registerEnumType(SocialProvider, {
  name: 'SocialProvider',
  description: 'Who tells Cinegraph who a person is.',
  valuesConfig: {
    YANDEX: { description: 'Yandex ID.' },
    GOOGLE: { description: 'Google.' },
  },
})

registerEnumType(RefusalReason, {
  name: 'SocialRefusalReason',
  description: 'Why a person came back from a provider without being signed in.',
  valuesConfig: {
    DECLINED: { description: 'The person did not agree; say nothing, offer other ways to log in.' },
    PROVIDER_ERROR: { description: 'The provider could not; offer to try again.' },
  },
})

@ObjectType({ description: 'A way to a provider, open for 10 minutes.' })
export class SocialFlow {
  @Field(() => String, {
    description:
      'Send the person there: the whole page, or a browser tab of the system in an app; providers refuse frames and ' +
      'web views.',
  })
  authorizationUrl!: string

  @Field(() => String, {
    description:
      'Secret of this client. Keep it where only the page or app that began can read it (`sessionStorage`, memory), ' +
      'never in an address, and send it when the person is back. It proves that whoever comes back is who went: without ' +
      'it a stranger could send somebody a link with the stranger’s own `code`, and have them logged in as the stranger.',
  })
  flow!: string

  @Field(() => GraphQLDateTime, { description: 'From then on it has to be begun anew.' })
  expiresAt!: Date
}

@InputType({
  description:
    'What a person came back with: the parameters that the provider added to the redirect URI, as they are, and the ' +
    'secret of the client that began.',
})
export class SocialCallbackInput {
  @Field(() => String, { description: 'The `flow` that was given when it began.' })
  flow!: string

  @Field(() => String, { description: 'The parameter `state`.' })
  state!: string

  @Field(() => String, { nullable: true, description: 'The parameter `code`; absent on an error.' })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'The parameter `error`, if there is one.' })
  error?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The parameter `iss`, if there is one: a provider that gives its name is checked by it.',
  })
  iss?: string | null
}

@ObjectType({ description: 'The person came back without being signed in. The flow is spent.' })
export class SocialSignInRefused {
  @Field(() => SocialProvider, { description: 'Who refused.' })
  provider!: SocialProvider

  @Field(() => RefusalReason, { description: 'Why.' })
  reason!: RefusalReason
}

@ObjectType({
  description:
    'It came too late, for the second time, or from another client than the one that began. Begin again.',
})
export class SocialFlowEnded {
  @Field(() => String, { description: 'That it has ended, in English.' })
  message: string = 'This sign-in has ended. Begin again.'
}

@ObjectType({
  description:
    'The person already has an account here with the same email address. Let them log in to it, then call ' +
    '`linkSocialAccount`; from then on both ways lead to that account.',
})
export class ConfirmByLoggingIn {
  @Field(() => String, { description: 'For `linkSocialAccount`, once. Keep it secret.' })
  linkToken!: string

  @Field(() => GraphQLDateTime, { description: 'From then on the sign-in has to be repeated.' })
  expiresAt!: Date

  @Field(() => SocialProvider, { description: 'What will be linked.' })
  provider!: SocialProvider

  @Field(() => String, { description: 'The address that both accounts have.' })
  email!: string
}

export const SocialSignInResult = createUnionType({
  name: 'SocialSignInResult',
  description: 'What came of signing in with a social account.',
  types: () => [Session, ConfirmByLoggingIn, SocialSignInRefused, SocialFlowEnded] as const,
})
