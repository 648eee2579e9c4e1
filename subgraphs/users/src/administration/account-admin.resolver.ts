import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { READ_USERS, WRITE_USERS } from '../permissions.js'
import { MAX_REASON_LENGTH, type AccountAdminService } from './account-admin.service.js'
import { UserListArgs } from './account-list.args.js'
import type { AccountListService } from './account-list.service.js'
import type { VisibleAccount } from '../accounts/account.service.js'
import { User, UserConnection } from '../accounts/user.type.js'

const NEEDS =
  'Needs the permission `users:write`. FORBIDDEN for your own account, and without `roles:write` also for the account of ' +
  'somebody who has `users:write` or `roles:write`.'
const REFUSALS = `${NEEDS} CONFLICT when nobody who may manage roles would be left.`

@Resolver()
export class AccountAdminResolver {
  constructor(
    private readonly list: AccountListService,
    private readonly admin: AccountAdminService,
  ) {}

  @RequiresPermission(READ_USERS)
  @Query(() => User, {
    nullable: true,
    description: 'Anybody’s account; null when there is none. Needs the permission `users:read`.',
  })
  user(
    @Arg('id', () => ID, { description: 'The id of the account.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<VisibleAccount | null> {
    return this.list.find(viewer, id)
  }

  @RequiresPermission(READ_USERS)
  @CacheControl({ scope: 'PRIVATE' })
  @Query(() => UserConnection, {
    nullable: true,
    description: 'All accounts, or those that match. Needs the permission `users:read`.',
  })
  async users(@Args(() => UserListArgs) args: UserListArgs, @Ctx() context: UsersContext) {
    return UserConnection.from(await this.list.list(context, args))
  }

  @RequiresPermission(WRITE_USERS)
  @Mutation(() => User, {
    description: `Blocks an account: its sessions end at once, and nobody can log in to it. One that is blocked already gets the new reason. ${REFUSALS}`,
  })
  blockUser(
    @Arg('id', () => ID, { description: 'The id of the account.' }) id: string,
    @Arg('reason', () => String, {
      description: `Why, in at most ${MAX_REASON_LENGTH} characters. Whoever tries to log in with the right password is told.`,
    })
    reason: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<VisibleAccount> {
    return this.admin.block(viewer, id, reason)
  }

  @RequiresPermission(WRITE_USERS)
  @Mutation(() => User, {
    description: `Lets people log in to a blocked account again. Does nothing to one that is not blocked. ${NEEDS}`,
  })
  unblockUser(
    @Arg('id', () => ID, { description: 'The id of the account.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<VisibleAccount> {
    return this.admin.unblock(viewer, id)
  }

  @RequiresPermission(WRITE_USERS)
  @Mutation(() => ID, {
    description: `Deletes an account for good, with its sessions, login history and linked social accounts; its login is free again. Returns the id. ${REFUSALS}`,
  })
  deleteUser(
    @Arg('id', () => ID, { description: 'The id of the account.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<string> {
    return this.admin.delete(viewer, id)
  }
}
