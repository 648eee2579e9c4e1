import { ClientError } from 'graphql-request'

const CODES = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'TOO_MANY_ERRORS',
] as const

/**
 * What went wrong, to branch on. `NETWORK_ERROR`: no answer came. `UNKNOWN`: an answer that is not Cinegraph's,
 * such as a proxy's error page, or a code that is newer than this client.
 */
export type CinegraphErrorCode = (typeof CODES)[number] | 'NETWORK_ERROR' | 'UNKNOWN'

/** What is wrong with one argument. */
export interface ArgumentProblem {
  /** Its path, e.g. `['input', 'login']`. */
  readonly argument: readonly (string | number)[]
  /** Without its name, e.g. `must have at least 3 characters`. */
  readonly message: string
}

/** One error of an answer, as the server sent it. */
export interface CinegraphProblem {
  readonly code: CinegraphErrorCode
  readonly message: string
  /** Where in the data it belongs, e.g. `['film', 'credits']`. */
  readonly path?: readonly (string | number)[]
  /** The offending argument, e.g. `['input', 'login']`. */
  readonly argument?: readonly (string | number)[]
  /** Every offending argument and what is wrong with it, to be shown beside the fields of a form. */
  readonly arguments?: readonly ArgumentProblem[]
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds?: number
  /** Of UNAUTHORIZED_FIELD_OR_TYPE: whether to ask the person to log in; otherwise a permission is missing. */
  readonly loginRequired?: boolean
}

/** A request that was not answered in full. Its own fields are those of the first problem. */
export class CinegraphError extends Error {
  override readonly name = 'CinegraphError'
  readonly code: CinegraphErrorCode
  readonly argument: readonly (string | number)[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly problems: readonly CinegraphProblem[]
  /** Names the request in the server's log; tell it to support. */
  readonly requestId: string | undefined
  /** What was answered all the same: a part of the operation's data. */
  readonly data: unknown
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean

  constructor(
    problems: readonly [CinegraphProblem, ...CinegraphProblem[]],
    details: { requestId?: string | undefined; data?: unknown; cause?: unknown } = {},
  ) {
    const [first] = problems
    super(first.message, { cause: details.cause })
    this.code = first.code
    this.argument = first.argument
    this.retryAfterSeconds = first.retryAfterSeconds
    this.problems = problems
    this.requestId = details.requestId
    this.data = details.data ?? undefined
    this.retryable = RETRYABLE.has(first.code)
  }
}

const RETRYABLE = new Set<CinegraphErrorCode>([
  'NETWORK_ERROR',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
])
const KNOWN = new Set<unknown>(CODES)

/** Any failure of a request as a CinegraphError; an abort by the caller's own signal stays as it is. */
export function errorOf(thrown: unknown): unknown {
  if (thrown instanceof CinegraphError) return thrown
  if (thrown instanceof ClientError) return answered(thrown)
  if (thrown instanceof Error && thrown.name === 'AbortError') return thrown
  // what fetch throws when it cannot connect; anything else came, but not from Cinegraph
  const code = thrown instanceof TypeError ? 'NETWORK_ERROR' : 'UNKNOWN'
  const message =
    code === 'UNKNOWN' ? 'What answered is not Cinegraph.' : 'Cinegraph did not answer.'
  return new CinegraphError([{ code, message }], { cause: thrown })
}

function answered({ response }: ClientError): CinegraphError {
  const errors: readonly GraphQLErrorLike[] = response.errors ?? []
  const [first, ...rest] = errors.map(problemOf)
  const ids = errors.map(({ extensions }) => extensions?.['requestId'])
  const requestId = ids.find((id) => typeof id === 'string')
  return new CinegraphError(first ? [first, ...rest] : [statusProblem(response.status)], {
    requestId: requestId ?? headerOf(response.headers, 'x-request-id'),
    data: response.data,
  })
}

type Path = readonly (string | number)[]

interface GraphQLErrorLike {
  readonly message: string
  readonly path?: Path | undefined
  readonly extensions?: Readonly<Record<string, unknown>>
}

function problemOf({ message, path, extensions = {} }: GraphQLErrorLike): CinegraphProblem {
  const { code, argument, problems, retryAfterSeconds, loginRequired } = extensions
  return {
    code: KNOWN.has(code) ? (code as CinegraphErrorCode) : 'UNKNOWN',
    message,
    ...(path && { path }),
    ...(Array.isArray(argument) && { argument: argument as Path }),
    ...(Array.isArray(problems) && { arguments: problems as ArgumentProblem[] }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(typeof loginRequired === 'boolean' && { loginRequired }),
  }
}

/** A proxy in front of Cinegraph answers for it. */
function statusProblem(status: number): CinegraphProblem {
  const code = STATUS_CODES[status] ?? 'UNKNOWN'
  return { code, message: `The server answered with HTTP status ${status}.` }
}

const STATUS_CODES: Readonly<Record<number, CinegraphErrorCode>> = {
  429: 'RATE_LIMITED',
  502: 'SERVICE_UNAVAILABLE',
  503: 'SERVICE_UNAVAILABLE',
  504: 'SERVICE_UNAVAILABLE',
}

const headerOf = (headers: unknown, name: string): string | undefined =>
  headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined
