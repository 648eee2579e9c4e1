import type { Client } from '@cinegraph/kit/client'
import type { AccountService, CreateOutcome } from '../accounts/account.service.js'
import type { Credentials } from '../accounts/account.rules.js'
import type { IssuedSession, SessionService } from './session.service.js'

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly session: IssuedSession }
  | Exclude<CreateOutcome, { kind: 'created' }>

/** Who asks, and whether they still wait for the answer. */
export interface Asking {
  readonly client: Client
  readonly signal: AbortSignal
}

export interface LogInServiceDependencies {
  accounts: AccountService
  sessions: SessionService
}

/** From what a person typed to a session. */
export class LogInService {
  constructor(private readonly dependencies: LogInServiceDependencies) {}

  /** Makes an account and its first session. Throws BAD_USER_INPUT with the path under `input`. */
  async register(
    input: Parameters<AccountService['create']>[0],
    { client, signal }: Asking,
  ): Promise<RegisterOutcome> {
    const { accounts, sessions } = this.dependencies
    const outcome = await accounts.create(input, signal)
    if (outcome.kind !== 'created') return outcome
    const session = await sessions.open(outcome.account, { method: 'REGISTRATION', client })
    return { kind: 'registered', session }
  }

  /** Throws UNAUTHENTICATED. */
  async logIn(input: Credentials, { client, signal }: Asking): Promise<IssuedSession> {
    const { accounts, sessions } = this.dependencies
    const account = await accounts.authenticate(input, signal)
    return sessions.open(account, { method: 'PASSWORD', client })
  }
}
