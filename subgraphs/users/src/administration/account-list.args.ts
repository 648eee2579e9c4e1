import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql'
import { AccountSort } from './account-list.repository.js'
import { MAX_SEARCH_LENGTH } from './account-list.service.js'

registerEnumType(AccountSort, {
  name: 'UserSort',
  description: 'The order of a list of accounts.',
  valuesConfig: {
    NEWEST_FIRST: { description: 'Those that registered last come first.' },
    OLDEST_FIRST: { description: 'Those that registered first come first.' },
    LOGIN: { description: 'Alphabetically by login, whatever its case.' },
    LOGIN_REVERSED: { description: 'By login from the end of the alphabet, whatever its case.' },
  },
})

@InputType({
  description:
    'Which accounts to list. An account must meet every condition given; null is no condition.',
})
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Text that the login, the email address or the name holds; of one or two characters: that the login begins with. ' +
      'Case and diacritics do not count, and Cyrillic letters are like the Latin ones that sound alike. ' +
      `A given and a family name are found as \`given family\`. At most ${MAX_SEARCH_LENGTH} characters.`,
  })
  search?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Has the role of this name. BAD_USER_INPUT when there is no such role.',
  })
  role?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Is blocked, or is not.' })
  blocked?: boolean | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Registered then or later.' })
  registeredFrom?: Date | null

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Registered before then.' })
  registeredBefore?: Date | null
}

@ArgsType()
export class UserListArgs extends ConnectionArgs {
  @Field(() => UserFilter, { nullable: true, description: 'Which accounts; all when absent.' })
  filter?: UserFilter | null

  @Field(() => AccountSort, {
    defaultValue: AccountSort.NEWEST_FIRST,
    description: 'Their order.',
  })
  sort!: AccountSort
}
