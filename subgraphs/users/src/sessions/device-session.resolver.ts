import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { User } from '../accounts/user.type.js'
import type { UsersContext } from '../context.js'
import type { DeviceSessionService } from './device-session.service.js'
import { DeviceSessionConnection } from './device-session.type.js'

@Resolver(() => User)
export class UserSessionsResolver {
  constructor(private readonly service: DeviceSessionService) {}

  @FieldResolver(() => DeviceSessionConnection, {
    nullable: true,
    description:
      'Where this person is logged in, the device used last first. Null unless it is your own account or you hold the permission `users:read`.',
  })
  async sessions(
    @Root() { id, reader }: User,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: UsersContext,
  ) {
    const page = await this.service.page(reader ?? context, id, args)
    return page && DeviceSessionConnection.from(page)
  }
}
