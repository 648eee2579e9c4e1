import { Authenticated } from '@cinegraph/kit/graphql/authorization'
import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { LoginTaken, WeakPassword } from '../accounts/account-refusal.type.js'
import {
  CONFIRM_OWNER,
  OwnersPasswordArg,
  type OwnersPassword,
} from '../authentication/owner-confirmation.args.js'
import { MAX_LOGIN_LENGTH, MIN_LOGIN_LENGTH } from '../accounts/account.rules.js'
import type { VisibleAccount } from '../accounts/account.service.js'
import { ChangePasswordArgs } from './own-account.args.js'
import type { OwnAccountService } from './own-account.service.js'
import { ChangeLoginResult, ChangePasswordResult, UpdateProfileInput } from './own-account.type.js'
import { User } from '../accounts/user.type.js'

@Resolver()
export class OwnAccountResolver {
  constructor(private readonly ownAccount: OwnAccountService) {}

  @Authenticated()
  @Mutation(() => User, { description: 'Changes your own profile.' })
  updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'What is to change.' })
    input: UpdateProfileInput,
    @Ctx() { viewer }: UsersContext,
  ): Promise<VisibleAccount> {
    return this.ownAccount.updateProfile(viewer, input)
  }

  @Authenticated()
  @Mutation(() => ChangeLoginResult, {
    description: `Changes your own login. You stay logged in everywhere; the old login is free at once. ${CONFIRM_OWNER}`,
  })
  async changeLogin(
    @Arg('newLogin', () => String, {
      description: `The login to be, ${MIN_LOGIN_LENGTH} to ${MAX_LOGIN_LENGTH} characters as for \`register\`.`,
    })
    newLogin: string,
    @OwnersPasswordArg() password: OwnersPassword,
    @Ctx() context: UsersContext,
  ): Promise<VisibleAccount | LoginTaken> {
    const given = { newLogin, password }
    const outcome = await this.ownAccount.changeLogin(context.viewer, given, context)
    return outcome.kind === 'changed'
      ? outcome.account
      : Object.assign(new LoginTaken(), { login: outcome.login })
  }

  @Authenticated()
  @Mutation(() => ChangePasswordResult, {
    description: `Changes your own password, or gives your account its first one. All your other sessions end at once, and a confirmed address gets a notice. RATE_LIMITED after five changes. ${CONFIRM_OWNER}`,
  })
  async changePassword(
    @Args(() => ChangePasswordArgs) given: ChangePasswordArgs,
    @Ctx() context: UsersContext,
  ): Promise<VisibleAccount | WeakPassword> {
    const outcome = await this.ownAccount.changePassword(context.viewer, given, context)
    return outcome.kind === 'changed'
      ? outcome.account
      : Object.assign(new WeakPassword(), { reason: outcome.weakness })
  }

  @Authenticated()
  @Mutation(() => ID, {
    description: `Deletes your own account for good, with its sessions, login history and linked social accounts; its login is free again. Returns its id. CONFLICT when you are the last who may manage roles. ${CONFIRM_OWNER}`,
  })
  async deleteMyAccount(
    @OwnersPasswordArg() password: OwnersPassword,
    @Ctx() context: UsersContext,
  ): Promise<string> {
    const id = await this.ownAccount.delete(context.viewer, password, context)
    context.sessionCookies.clear()
    return id
  }
}
