import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { createUnionType, Field, ObjectType } from 'type-graphql'
import { CONFIRM_HOURS } from './email-tokens.js'

@ObjectType({
  description: `A mail is on its way to an address. Its link can be used once, within ${CONFIRM_HOURS} hours; links sent before are worth nothing.`,
})
export class EmailConfirmationSent {
  @Field(() => String, { description: 'Where it was sent.' })
  email!: string

  @Field(() => GraphQLDateTime, { description: 'Until when its link can be used.' })
  expiresAt!: Date
}

@ObjectType({ description: 'The address is the account’s own from now on.' })
export class EmailConfirmed {
  @Field(() => String, { description: 'The address, as it was given.' })
  email!: string
}

@ObjectType({
  description: 'Another account has confirmed the address before. Nothing has changed.',
})
export class EmailTaken {
  @Field(() => String, { description: 'The address, as it was given.' })
  email!: string
}

@ObjectType({
  description: 'The link of a mail is worth nothing any more, or never was: ask for another mail.',
})
export class LinkInvalid {
  @Field(() => Boolean, {
    description:
      'True when it came too late. Otherwise it was used before, or a newer one was sent.',
  })
  expired!: boolean
}

export const ConfirmEmailResult = createUnionType({
  name: 'ConfirmEmailResult',
  description: 'What came of a link that was sent to confirm an address.',
  types: () => [EmailConfirmed, EmailTaken, LinkInvalid] as const,
})
