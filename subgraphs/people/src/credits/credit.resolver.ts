import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import type { StoredPerson } from '../persons/person.repository.js'
import { Person } from '../persons/person.type.js'
import type { CreditRecord } from './credit.repository.js'
import { Credit } from './credit.type.js'

@Resolver(() => Credit)
export class CreditResolver {
  @FieldResolver(() => Person, { description: 'Who did it.' })
  async person(
    @Root() credit: CreditRecord,
    @Ctx() { loaders }: PeopleContext,
  ): Promise<StoredPerson | null> {
    return loaders.person.load(credit.personId)
  }
}
