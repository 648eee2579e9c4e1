import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import type { AccountService, CreateOutcome } from '../accounts/account.service.js'
import { registration, type Credentials } from '../accounts/account.rules.js'
import type { Attempts } from '../authentication/attempts.js'
import type { Asking, AuthenticationService } from '../authentication/authentication.service.js'
import type { EmailService } from '../email/email.service.js'
import type { IssuedSession, SessionService } from '../sessions/session.service.js'

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly session: IssuedSession }
  | Exclude<CreateOutcome, { kind: 'created' }>

export interface LogInServiceDependencies {
  accounts: AccountService
  authentication: AuthenticationService
  sessions: SessionService
  emails: Pick<EmailService, 'welcome'>
  /** How often somebody may register. */
  registrations: Attempts
}

/** From what a person typed to a session. */
export class LogInService {
  constructor(private readonly dependencies: LogInServiceDependencies) {}

  /**
   * Makes an account and its first session. Throws BAD_USER_INPUT with the path under `input`, and RATE_LIMITED. Whatever
   * comes of it counts: it also tells whether a login is taken.
   */
  async register(
    input: Parameters<AccountService['create']>[0],
    { client, signal, language }: Asking & { language: Language },
  ): Promise<RegisterOutcome> {
    const { accounts, sessions, emails, registrations } = this.dependencies
    await registrations.take({ address: client.address })
    const account = validate(registration, input, 'input')
    const outcome = await accounts.create(account, { client, signal })
    if (outcome.kind !== 'created') return outcome
    emails.welcome(outcome.account, { client, language })
    const session = await sessions.open(outcome.account, { method: 'REGISTRATION', client })
    return { kind: 'registered', session }
  }

  /** Throws UNAUTHENTICATED, RATE_LIMITED, and FORBIDDEN when the account is blocked. */
  async logIn(input: Credentials, asking: Asking): Promise<IssuedSession> {
    const { authentication, sessions } = this.dependencies
    const account = await authentication.logIn({ input, ...asking })
    return sessions.open(account, { method: 'PASSWORD', client: asking.client })
  }
}
