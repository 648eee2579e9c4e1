import { randomUUID } from 'node:crypto'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { testIdentity } from './identity.js'

export interface ExecuteOptions {
  query: string
  variables?: Readonly<Record<string, unknown>>
  operationName?: string
  /** Anonymous when it is not given. */
  as?: Viewer
  /** In addition to those that the gateway signs; same name wins. */
  headers?: Readonly<Record<string, string>>
}

export interface TestError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly [name: string]: unknown }
}

export interface ExecuteResult<T> {
  readonly status: number
  readonly data: T | null | undefined
  readonly errors: readonly TestError[] | undefined
  /** What was asked and answered, for messages of failing tests. */
  readonly request: { readonly query: string; readonly variables: unknown; readonly id: string }
  readonly body: string
  /** `Set-Cookie` headers. */
  readonly setCookie: readonly string[]
}

/** Sends an operation through the whole pipeline of a subgraph, signed as the gateway signs. */
export async function execute<T = Record<string, unknown>>(
  subgraph: Pick<Subgraph, 'name' | 'execute'>,
  { query, variables = {}, operationName, as = ANONYMOUS, headers = {} }: ExecuteOptions,
): Promise<ExecuteResult<T>> {
  const id = randomUUID()
  const {
    status,
    body,
    setCookie = [],
  } = await subgraph.execute({
    headers: {
      'content-type': 'application/json',
      'x-request-id': id,
      ...(await testIdentity.headersFor(as, subgraph.name)),
      ...headers,
    },
    body: { query, variables, ...(operationName === undefined ? {} : { operationName }) },
  })
  const { data, errors } = JSON.parse(body) as Pick<ExecuteResult<T>, 'data' | 'errors'>
  return { status, data, errors, body, setCookie, request: { query, variables, id } }
}

/** The data of an answer without errors. Otherwise throws with the query, the whole answer and the request's id. */
export function expectData<T>(result: ExecuteResult<T>): T {
  if (result.data && !result.errors) return result.data
  throw unexpected('data without errors', result)
}

/** The only error of an answer. Otherwise throws with the query, the whole answer and the request's id. */
export function expectError(result: ExecuteResult<unknown>): TestError {
  if (result.errors?.length === 1) return result.errors[0]!
  throw unexpected('exactly one error', result)
}

function unexpected(expected: string, { status, body, request }: ExecuteResult<unknown>): Error {
  return new Error(
    [
      `expected ${expected}, got status ${status}: ${body}`,
      `request ${request.id} with ${JSON.stringify(request.variables)}`,
      request.query,
    ].join('\n'),
  )
}
