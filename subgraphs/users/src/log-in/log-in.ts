import type { AccountService } from '../accounts/account.service.js'
import type { AttemptLimits } from '../authentication/attempt-limits.js'
import type { CreateAttempts } from '../authentication/attempts.js'
import type { AuthenticationService } from '../authentication/authentication.service.js'
import type { EmailService } from '../email/email.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { LogInResolver } from './log-in.resolver.js'
import { LogInService } from './log-in.service.js'

export interface LogInDependencies {
  accounts: AccountService
  authentication: AuthenticationService
  sessions: SessionService
  emails: EmailService
  createAttempts: CreateAttempts
  limits: AttemptLimits['register']
}

/** Registering and logging in with a password, wired. */
export function createLogIn({ createAttempts, limits, ...others }: LogInDependencies) {
  const registrations = createAttempts('register', limits)
  return { resolvers: [new LogInResolver(new LogInService({ ...others, registrations }))] }
}
