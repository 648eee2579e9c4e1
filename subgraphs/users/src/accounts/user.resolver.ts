import { Ctx, Query, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import type { VisibleAccount } from './account.service.js'
import { User } from './user.type.js'

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, {
    nullable: true,
    description: 'Your own account; null while you are not logged in.',
  })
  async me(@Ctx() { viewer, users }: UsersContext): Promise<VisibleAccount | null> {
    return viewer.kind === 'user' ? users.load(viewer.id) : null
  }
}
