import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { User } from '../accounts/user.type.js'
import type { UsersContext } from '../context.js'
import { LoginAttemptConnection } from './login-attempt.type.js'
import type { LoginHistoryService } from './login-history.service.js'

@Resolver(() => User)
export class LoginHistoryResolver {
  constructor(private readonly history: LoginHistoryService) {}

  @FieldResolver(() => LoginAttemptConnection, {
    nullable: true,
    description:
      'Attempts to log in to this account, successful or not, newest first, of about the last year. Null unless it is your own account or you hold the permission `users:read`.',
  })
  async loginHistory(
    @Root() { id, reader }: User,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: UsersContext,
  ) {
    const page = await this.history.page(reader ?? context, id, args)
    return page && LoginAttemptConnection.from(page)
  }
}
