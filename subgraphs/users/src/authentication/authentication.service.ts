import { randomUUID } from 'node:crypto'
import type { Client } from '@cinegraph/kit/client'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import { requireUser, type Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { validate } from '@cinegraph/kit/validate'
import type { Account } from '../accounts/account.repository.js'
import { ownAccountGone, type AccountService } from '../accounts/account.service.js'
import { credentials, isLogin, loginKey, type Credentials } from '../accounts/account.rules.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import { networksOf } from '../limits/client-network.js'
import type { RateLimit } from '../limits/rate-limit.js'
import type { OwnerProof } from '../sessions/owner-proof.js'
import { type Attempt, type Attempts, TooManyAttempts } from './attempts.js'
import type { AuthenticationRepository, StoredCredentials } from './authentication.repository.js'
import type { LoginOutcome } from '../login-history/login-history.repository.js'
import type { AuthenticationMetrics } from './metrics.js'

/** How long after logging in somebody without a password still counts as its owner. */
const FRESH_SESSION_MS = 15 * 60_000

/** Who asks, and whether they still wait for the answer. */
export interface Asking {
  readonly client: Client
  readonly signal: AbortSignal
}

export interface AuthenticationServiceDependencies {
  repository: Pick<AuthenticationRepository, keyof AuthenticationRepository>
  accounts: Pick<AccountService, 'find'>
  hasher: Pick<PasswordHasher, 'check'>
  /** At a login, by anybody. */
  logIns: Attempts
  /** Of one login from one sender, whatever comes of them. */
  logInRate: RateLimit
  /** At an account, by who holds a token of it: strangers must not use them up. */
  confirmations: Attempts
  history: Pick<LoginHistoryService, 'record'>
  metrics: AuthenticationMetrics
  log: Logger
  now: Clock
}

interface Guess extends Asking {
  /** As it is looked up. */
  readonly login: string
  readonly password: string
  /** What counts it, and under which key. */
  readonly attempts: Attempts
  readonly account: string
}

/** Finds out whether people are who they say, as often as attempts are allowed. */
export class AuthenticationService {
  constructor(private readonly dependencies: AuthenticationServiceDependencies) {}

  /**
   * Throws UNAUTHENTICATED and RATE_LIMITED, the same for an unknown login and a wrong password after the same work, and
   * FORBIDDEN when the password is right and the account is blocked.
   */
  async logIn({ input, ...asking }: Asking & { input: Credentials }): Promise<Account> {
    const { logIns: attempts, logInRate } = this.dependencies
    const typed = validate(credentials, input, 'input')
    await logInRate(networksOf(asking.client.address), typed.login)
    const known = await this.guess({ ...typed, attempts, account: typed.login, ...asking })
    if (!known) throw wrongCredentials()
    const account = await this.dependencies.accounts.find(known.id)
    // of another generation: the password that was right may have been changed while it was hashed
    if (account?.tokenGeneration !== known.tokenGeneration) throw wrongCredentials()
    return account
  }

  /**
   * Before what only the owner may do, whoever holds a token of theirs. Throws FORBIDDEN that says what to do: the
   * password must be right, or of an account without one the session younger than 15 minutes. Wrong passwords are in the
   * history as failed log-ins but limited apart from them: RATE_LIMITED only after guesses with a token. What is then changed, is changed by a transaction that asks `isStillOwner` first:
   * meanwhile the real owner may have taken the account back.
   */
  async confirmOwner(
    viewer: Viewer,
    { password, ...asking }: Asking & { password?: string | null | undefined },
  ): Promise<OwnerProof> {
    const { id, sessionId } = requireUser(viewer)
    const owner = await this.dependencies.repository.findById(id)
    if (!owner) throw ownAccountGone()
    if (owner.passwordHash === null) {
      await this.requireFresh(sessionId)
      return { userId: id, sessionId, passwordHash: null }
    }
    if (!password) throw new AppError('FORBIDDEN', 'Give your password to confirm that it is you.')
    const typed = validate(credentials.shape.password, password, 'password')
    const { confirmations: attempts } = this.dependencies
    const guess = { login: owner.loginKey, password: typed, attempts, account: id }
    const known = await this.guess({ ...guess, ...asking })
    // another account when meanwhile the login changed hands
    if (known?.id !== id) throw new AppError('FORBIDDEN', 'The password is wrong.')
    return { userId: id, sessionId, passwordHash: known.passwordHash }
  }

  /**
   * For the end of what somebody proved to be the owner for when it began: a proof of what is true now. Throws
   * UNAUTHENTICATED.
   */
  async renewProof(viewer: Viewer): Promise<OwnerProof> {
    const { id: userId, sessionId } = requireUser(viewer)
    const owner = await this.dependencies.repository.findById(userId)
    if (!owner) throw ownAccountGone()
    return { userId, sessionId, passwordHash: owner.passwordHash }
  }

  /** For an account whose owner proved in another way to be it: nobody's guesses keep them out. It does not fail. */
  async forgetGuesses({ id, login }: Pick<Account, 'id' | 'login'>): Promise<void> {
    const { logIns, confirmations, log } = this.dependencies
    try {
      await Promise.all([logIns.forget(loginKey(login)), confirmations.forget(id)])
    } catch (error) {
      log.warn({ err: error, userId: id }, 'could not forget guesses of a password')
    }
  }

  private async requireFresh(sessionId: string): Promise<void> {
    const { repository, now } = this.dependencies
    const began = await repository.sessionBegan(sessionId)
    if (began && now().getTime() - began.getTime() < FRESH_SESSION_MS) return
    throw new AppError(
      'FORBIDDEN',
      'Log in again to confirm that it is you, and do this within 15 minutes.',
    )
  }

  /** Whose password was guessed; counted before it is hashed, so that many guesses at once are no more than their number. */
  private async guess(guess: Guess): Promise<StoredCredentials | undefined> {
    const { client } = guess
    const attempt = await this.take(guess)
    const { known, matches } = await this.check(guess).catch(async (error: unknown) => {
      // nobody learned anything about the password
      await attempt.undo()
      throw error
    })
    if (!known || !matches) {
      this.note(known, 'WRONG_PASSWORD', client)
      return undefined
    }
    await attempt.succeed()
    if (known.blockedAt) {
      this.note(known, 'BLOCKED', client)
      throw accountBlocked(known.blockedReason)
    }
    this.count('SUCCESS')
    return known
  }

  private async check({ login, password, client, signal }: Guess) {
    const { hasher, repository } = this.dependencies
    const known = await this.find(login)
    const stored = known?.passwordHash ?? undefined
    const { matches, replacement } = await hasher.check(stored, { password, client, signal })
    if (!known || !stored || !replacement) return { known, matches }
    await repository.replacePasswordHash(known.id, stored, replacement)
    return { known: { ...known, passwordHash: replacement }, matches }
  }

  private async take({ attempts, account, login, client }: Guess): Promise<Attempt> {
    try {
      return await attempts.take({ account, address: client.address })
    } catch (error) {
      if (error instanceof TooManyAttempts) void this.noteRefusal(login, error, client)
      throw error
    }
  }

  /** Once per delay of an account: an attack must not fill its history, and its owner should see that there was one. */
  private async noteRefusal(login: string, { by, first }: TooManyAttempts, client: Client) {
    const outcome = 'TOO_MANY_ATTEMPTS'
    this.count(outcome)
    if (by !== 'account' || !first) return
    try {
      this.record(await this.find(login), outcome, client)
    } catch (error) {
      this.dependencies.log.warn({ err: error }, 'could not find whose log-in was refused')
    }
  }

  private count(outcome: LoginOutcome) {
    this.dependencies.metrics.passwordsChecked.inc({ outcome: outcome.toLowerCase() })
  }

  private note(known: StoredCredentials | undefined, outcome: LoginOutcome, client: Client) {
    this.count(outcome)
    this.record(known, outcome, client)
  }

  /**
   * Not waited for, and tried for nobody as well: only accounts that exist have a history, and neither the time of this
   * answer nor that of the next must tell.
   */
  private record(known: StoredCredentials | undefined, outcome: LoginOutcome, client: Client) {
    const userId = known?.id ?? randomUUID()
    void this.dependencies.history.record({ userId, method: 'PASSWORD', outcome, client })
  }

  private async find(login: string): Promise<StoredCredentials | undefined> {
    return isLogin(login) ? this.dependencies.repository.findByLogin(login) : undefined
  }
}

const wrongCredentials = () => new AppError('UNAUTHENTICATED', 'Login or password is wrong.')

/** For who proved to own the account, and nobody else. */
export const accountBlocked = (reason: string | null): AppError =>
  new AppError('FORBIDDEN', ['This account is blocked.', reason].filter(Boolean).join(' '))
