import { AuditConnection } from '@cinegraph/kit/graphql/audit'
import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { Args, Ctx, Query, Resolver } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import { WRITE_PEOPLE } from '../permissions.js'
import { PeopleHistoryArgs } from './history.args.js'
import type { HistoryService } from './history.service.js'
import { historyOf } from './history.type.js'
import { EDITING } from './texts.type.js'

@Resolver()
export class HistoryResolver {
  constructor(private readonly service: HistoryService) {}

  @RequiresPermission(WRITE_PEOPLE)
  @Query(() => AuditConnection, {
    nullable: true,
    description: `Who changed what of a person, a genre or the links of a film, also of what is gone, the newest first; empty when there was none of this id. ${EDITING}`,
  })
  async peopleHistory(
    @Args(() => PeopleHistoryArgs) args: PeopleHistoryArgs,
    @Ctx() context: PeopleContext,
  ) {
    return historyOf(await this.service.find(context, args, args))
  }
}
