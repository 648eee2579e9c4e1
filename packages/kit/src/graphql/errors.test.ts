import { ApolloServer } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { collectLog } from '../../test/collect-log.js'
import { APP_ERROR_CODES, AppError, DependencyError, OverloadError } from '../errors.js'
import {
  describeError,
  errorsPlugin,
  formatError,
  refuseRequest,
  unavailableError,
} from './errors.js'

/** As graphql-js wraps what a resolver throws. */
const thrown = (error: Error) =>
  new GraphQLError(error.message, { path: ['film'], originalError: error })

describe('what a client is told', () => {
  it.each(APP_ERROR_CODES)('of %s is its code, message and details', (code) => {
    const error = new AppError(code, 'Try later.', { argument: ['input'], retryAfterSeconds: 7 })
    for (const it of [error, thrown(error)]) {
      expect(describeError(it)).toMatchObject({
        message: 'Try later.',
        extensions: { code, argument: ['input'], retryAfterSeconds: 7 },
      })
    }
  })

  it('of a dependency never names the engine or its words', () => {
    const error = new DependencyError('postgres', 'connection to 10.0.0.1 lost', {
      cause: new Error('password of root'),
    })
    expect(describeError(thrown(error))).toEqual({
      message: 'This part of the service is not available at the moment. Try again.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
      severity: 'error',
    })
  })

  it('of too much to do is when to come again, which fills no log with errors, here nor in who relays it', () => {
    const described = describeError(thrown(new OverloadError('hashing', 'too many wait')))
    expect(described).toEqual({
      message: 'This part of the service is not available at the moment. Try again.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, retryAfterSeconds: 1 },
      severity: 'info',
    })
    const { message, extensions } = described
    expect(describeError(new GraphQLError(message, { extensions }))).toEqual(described)
  })

  it.each([
    ['a bug', thrown(new TypeError('x is undefined at /srv/films.ts'))],
    ['a bug that is no error', 'secret'],
    ['a bug that a subgraph of another make describes', coded('INTERNAL_SERVER_ERROR')],
    ['a code of somebody else', coded('DOWNSTREAM_SERVICE_ERROR')],
    ['a null where the schema has none', new GraphQLError('Cannot return null', { path: ['a'] })],
  ])('of %s is one fixed text', (_name, error) => {
    expect(describeError(error)).toEqual({
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
      severity: 'error',
    })
  })

  it('of a GraphQL error with a code that is ours is the error without its insides', () => {
    const error = new GraphQLError('Field "x" does not exist.', {
      extensions: {
        code: 'GRAPHQL_VALIDATION_FAILED',
        stacktrace: ['at /srv/films.ts'],
        serviceName: 'films',
        http: { status: 400 },
      },
    })
    expect(describeError(error)).toEqual({
      message: 'Field "x" does not exist.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      severity: 'info',
    })
  })

  it('keeps the place in the document and the answer', () => {
    const formatted = { message: 'raw', locations: [{ line: 1, column: 2 }], path: ['film'] }
    expect(formatError(formatted, thrown(new AppError('NOT_FOUND', 'No film.')))).toEqual({
      message: 'No film.',
      locations: [{ line: 1, column: 2 }],
      path: ['film'],
      extensions: { code: 'NOT_FOUND' },
    })
  })
})

describe('how severe it is', () => {
  const aborted = new DOMException('This operation was aborted', 'AbortError')
  it.each([
    ['info', new AppError('BAD_USER_INPUT', 'x')],
    ['warn', new AppError('FORBIDDEN', 'x')],
    ['warn', new AppError('RATE_LIMITED', 'x')],
    ['error', unavailableError(new Error('no answer'))],
    ['info', unavailableError(aborted)],
    ['info', thrown(unavailableError(aborted))],
  ])('is %s for %s', (severity, error) => {
    expect(describeError(error).severity).toBe(severity)
  })
})

it('refuses a request with its id and a fitting status, and logs why', () => {
  const { log, lines } = collectLog()
  const refuse = (error: unknown) => refuseRequest(error, { requestId: 'request-1', log })
  const { status, body } = refuse(new AppError('UNAUTHENTICATED', 'Log in.'))
  expect(status).toBe(401)
  expect(JSON.parse(body)).toEqual({
    errors: [
      { message: 'Log in.', extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' } },
    ],
  })
  expect(refuse(new DependencyError('users', 'is stopping')).status).toBe(503)
  expect(refuse(new Error('a bug')).status).toBe(500)
  expect(lines).toMatchObject([
    { level: 'info', code: 'UNAUTHENTICATED', reason: 'Log in.' },
    { level: 'error', code: 'SERVICE_UNAVAILABLE', err: { message: 'is stopping' } },
    { level: 'error', code: 'INTERNAL_SERVER_ERROR', err: { message: 'a bug' } },
  ])
})

describe('an operation', () => {
  async function run(query: string, variables: Record<string, unknown> = {}) {
    const { log, lines } = collectLog()
    const server = new ApolloServer<{ requestId: string; log: typeof log }>({
      typeDefs: `type Query { fail(code: String): Int, logIn(input: LogIn): Int }
        input LogIn { login: String, password: String }`,
      resolvers: { Query: { fail: () => Promise.reject(new Error('a bug')) } },
      formatError,
      includeStacktraceInErrorResponses: false,
      plugins: [errorsPlugin()],
    })
    const contextValue = { requestId: 'request-1', log }
    const { body } = await server.executeOperation({ query, variables }, { contextValue })
    return { lines, answer: JSON.stringify(body) }
  }

  it('with very many failures writes ten lines and one that counts the others', async () => {
    const fields = Array.from({ length: 500 }, (_, index) => `a${index}: fail`)
    const { lines, answer } = await run(`query ${'Q'.repeat(1_000)} { ${fields.join(' ')} }`)
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(10)
    expect(lines).toHaveLength(11)
    expect(lines.at(-1)).toMatchObject({ level: 'info', more: 490, operation: 'Q'.repeat(64) })
    expect(answer.match(/INTERNAL_SERVER_ERROR/g)).toHaveLength(500)
  })

  it.each<[string, string, Record<string, unknown>?]>([
    [
      'as a variable with a surplus field',
      'query($i: LogIn) { logIn(input: $i) }',
      { i: { login: 'victim', password: 'S3cret', surplus: 'S3cret' } },
    ],
    [
      'as a variable of another type',
      'query($i: LogIn) { logIn(input: $i) }',
      { i: { password: { is: 'S3cret' } } },
    ],
    ['as a literal of another type', '{ logIn(input: { password: { is: "S3cret" } }) }'],
    ['as a literal in the wrong place', '{ logIn(input: { login "S3cret" }) }'],
    ['as an argument of the wrong kind', '{ logIn(input: "S3cret") }'],
  ])('with a password %s shows it neither to the client nor in the log', async (...given) => {
    const { lines, answer } = await run(given[1], given[2])
    expect(answer).toMatch(/BAD_USER_INPUT|GRAPHQL_(VALIDATION|PARSE)_FAILED/)
    expect(answer).not.toContain('S3cret')
    expect(lines).toHaveLength(1)
    expect(JSON.stringify(lines)).not.toContain('S3cret')
  })
})

it('what one error says and where it points is bounded', () => {
  const locations = Array.from({ length: 50 }, () => ({ line: 1, column: 1 }))
  const thrown = new AppError('BAD_USER_INPUT', 'x'.repeat(1_000))
  const formatted = formatError({ message: '', locations }, thrown)
  expect(formatted.message).toHaveLength(300)
  expect(formatted.locations).toHaveLength(10)
})

function coded(code: string) {
  return new GraphQLError('secret db at 10.0.0.1', { extensions: { code } })
}
