import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { VisibleAccount } from '../accounts/account.service.js'
import { User, UserConnection } from '../accounts/user.type.js'
import type { UsersContext } from '../context.js'
import { READ_USERS, WRITE_ROLES } from '../permissions.js'
import type { RoleRecord } from './role.repository.js'
import type { RoleService } from './role.service.js'
import { CreateRoleInput, Role, RoleConnection, UpdateRoleInput } from './role.type.js'

const READING = 'Needs the permission `users:read` or `roles:write`.'
const WRITING = 'Needs the permission `roles:write`.'

@Resolver(() => Role)
export class RoleResolver {
  constructor(private readonly service: RoleService) {}

  @RequiresPermission(READ_USERS, WRITE_ROLES)
  @CacheControl({ scope: 'PRIVATE' })
  @Query(() => RoleConnection, { nullable: true, description: `All roles, by name. ${READING}` })
  async roles(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() { viewer }: UsersContext) {
    return RoleConnection.from(await this.service.list(viewer, args))
  }

  @RequiresPermission(READ_USERS, WRITE_ROLES)
  @Query(() => Role, {
    nullable: true,
    description: `One role; null when there is none. ${READING}`,
  })
  role(
    @Arg('id', () => ID, { description: 'The id of the role.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<RoleRecord | null> {
    return this.service.find(viewer, id)
  }

  @FieldResolver(() => UserConnection, {
    description: `Who has the role, by login, blocked accounts too. ${READING} Without \`users:read\` the private fields of accounts are null.`,
  })
  async users(
    @Root() role: RoleRecord,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: UsersContext,
  ) {
    return UserConnection.from(await this.service.usersOf(context, role, args))
  }

  @RequiresPermission(WRITE_ROLES)
  @Mutation(() => Role, {
    description: `Makes a role, which nobody has yet. CONFLICT when the name is taken. ${WRITING}`,
  })
  createRole(
    @Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput,
    @Ctx() { viewer }: UsersContext,
  ): Promise<RoleRecord> {
    return this.service.create(viewer, input)
  }

  @RequiresPermission(WRITE_ROLES)
  @Mutation(() => Role, {
    description:
      'Changes a role. What it permits no longer is lost at once to everyone who has it; what it permits newly comes with ' +
      'their next access tokens. NOT_FOUND when there is no such role. CONFLICT when the name is taken, the role is built in ' +
      `and would get another name, or nobody who may manage roles would be left: the role admin keeps \`roles:write\`. ${WRITING}`,
  })
  updateRole(
    @Arg('id', () => ID, { description: 'The id of the role.' }) id: string,
    @Arg('input', () => UpdateRoleInput, { description: 'What is to change.' })
    input: UpdateRoleInput,
    @Ctx() { viewer }: UsersContext,
  ): Promise<RoleRecord> {
    return this.service.update(viewer, id, input)
  }

  @RequiresPermission(WRITE_ROLES)
  @Mutation(() => ID, {
    description:
      'Deletes a role; whoever has it loses it at once. Returns its id. NOT_FOUND when there is no such role. CONFLICT when ' +
      `it is built in, or nobody who may manage roles would be left. ${WRITING}`,
  })
  deleteRole(
    @Arg('id', () => ID, { description: 'The id of the role.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<string> {
    return this.service.delete(viewer, id)
  }

  @RequiresPermission(WRITE_ROLES)
  @Mutation(() => User, {
    description:
      'Gives somebody a role; it counts from their next access token on. Does nothing when they have it. NOT_FOUND when ' +
      `there is no such account or role. CONFLICT when they have as many roles as an account may have. ${WRITING}`,
  })
  assignRole(
    @Arg('userId', () => ID, { description: 'The id of the account.' }) userId: string,
    @Arg('roleId', () => ID, { description: 'The id of the role.' }) roleId: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<VisibleAccount> {
    return this.service.assign(viewer, userId, roleId)
  }

  @RequiresPermission(WRITE_ROLES)
  @Mutation(() => User, {
    description:
      'Takes a role from somebody, at once. Does nothing when they do not have it. NOT_FOUND when there is no such account ' +
      `or role. CONFLICT when nobody who may manage roles would be left. ${WRITING}`,
  })
  revokeRole(
    @Arg('userId', () => ID, { description: 'The id of the account.' }) userId: string,
    @Arg('roleId', () => ID, { description: 'The id of the role.' }) roleId: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<VisibleAccount> {
    return this.service.revoke(viewer, userId, roleId)
  }
}
