export const APP_ERROR_CODES = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const
export type AppErrorCode = (typeof APP_ERROR_CODES)[number]

export interface ArgumentProblem {
  /** Path of the argument, e.g. `['input', 'login']`. */
  readonly argument: readonly (string | number)[]
  /** What is wrong with it, without its name, e.g. `must have at least 3 characters`. */
  readonly message: string
}

/** What a client may be told of an AppError besides code and message. */
export interface AppErrorDetails {
  /** Path of the offending argument, e.g. `['input', 'login']`. */
  argument?: readonly (string | number)[]
  /** Everything that is wrong with the arguments, when more than one thing may be. */
  problems?: readonly ArgumentProblem[]
  /** Seconds after which the same request may succeed. */
  retryAfterSeconds?: number
}

/** An expected refusal. Its message is written for the person who sent the request. */
export class AppError extends Error {
  override readonly name = 'AppError'
  constructor(
    readonly code: AppErrorCode,
    message: string,
    readonly details: AppErrorDetails = {},
  ) {
    super(message)
  }
}

/** An engine or another process failed. Clients see SERVICE_UNAVAILABLE and never the engine's name. */
export class DependencyError extends Error {
  override readonly name = 'DependencyError'
  constructor(
    readonly engine: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * This process has taken on all that it can: SERVICE_UNAVAILABLE with a second to wait. Expected, so whoever throws it counts it
 * and says in the log that it happens; each request is not another line of error.
 */
export class OverloadError extends DependencyError {
  readonly retryAfterSeconds = 1
}

export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
