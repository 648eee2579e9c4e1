import { CREDIT_ROLE_ENUM, CreditRole } from '@cinegraph/engines/search/credit-role'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { ConnectionArgs, connectionOf } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { CreditRecord } from './credit.repository.js'

registerEnumType(CreditRole, CREDIT_ROLE_ENUM)

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'What one person did for one film.' })
export class Credit {
  @Field(() => ID, { description: 'Stable identifier, a UUID.' })
  id!: string

  @Field(() => ID, { description: 'The id of who did it.' })
  personId!: string

  @Field(() => CreditRole, { description: 'What the person did.' })
  role!: CreditRole

  @Field(() => String, {
    nullable: true,
    description: 'Whom an actor plays; null for other roles and when unknown.',
  })
  character!: string | null

  @Field(() => Int, {
    description: 'Place in the billing of the film: lower comes first. Numbers may have gaps.',
  })
  order!: number
}

export const CreditConnection = connectionOf<CreditRecord>(() => Credit, 'Credit')

@ArgsType()
export class CreditsArgs extends ConnectionArgs {
  @Field(() => [CreditRole], {
    nullable: true,
    description: 'Only credits in one of these roles. Absent or empty: all.',
  })
  roles?: CreditRole[] | null
}
