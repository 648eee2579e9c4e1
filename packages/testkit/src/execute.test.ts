import { AppError } from '@cinegraph/kit/errors'
import { createSubgraph, type RequestContext, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import { beforeAll, expect, test } from 'vitest'
import { execute, expectData, expectError } from './execute.js'
import { asUser, testIdentity } from './identity.js'
import { memoryLog } from './log.js'

@Resolver()
class ViewerResolver {
  @Query(() => String, { description: 'Who asks, for what.' })
  viewer(@Ctx() { viewer }: RequestContext, @Arg('what', () => String) what: string): string {
    if (what === '') throw new AppError('BAD_USER_INPUT', 'what: is empty', { argument: ['what'] })
    return `${viewer.kind === 'user' ? viewer.id : 'nobody'} asks ${what}`
  }
}

const { log, lines } = memoryLog()
let subgraph: Subgraph
beforeAll(async () => {
  subgraph = await createSubgraph({
    name: 'echo',
    log,
    resolvers: [new ViewerResolver()],
    verifyViewer: await testIdentity.verifierFor('echo'),
    context: (request) => request,
  })
  await subgraph.start()
})

const query = 'query ($what: String!) { viewer(what: $what) }'

test('a viewer and the variables arrive as they were given', async () => {
  const viewer = asUser()
  const result = await execute(subgraph, { query, variables: { what: 'this' }, as: viewer })
  expect(result).toMatchObject({ status: 200, errors: undefined })
  expect(expectData(result)).toEqual({ viewer: `${viewer.id} asks this` })
})

test('without a viewer it is nobody who asks', async () => {
  const result = await execute(subgraph, { query, variables: { what: 'this' } })
  expect(expectData(result)).toEqual({ viewer: 'nobody asks this' })
})

test('what was signed for another subgraph is refused', async () => {
  const headers = await testIdentity.headersFor(asUser(), 'another')
  const result = await execute(subgraph, { query, variables: { what: 'this' }, headers })
  expect(result.status).toBe(401)
  expect(expectError(result).extensions.code).toBe('UNAUTHENTICATED')
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'identity refused', level: 'warn' }))
})

test('an error that nobody expected is told with the query, the answer and the id of the request', async () => {
  const result = await execute(subgraph, { query, variables: { what: '' } })
  expect(() => expectData(result)).toThrow(query)
  expect(() => expectData(result)).toThrow('BAD_USER_INPUT')
  expect(() => expectData(result)).toThrow(result.request.id)
  expect(expectError(result).extensions).toMatchObject({ requestId: result.request.id })
})

test('an error that was expected and did not come is told too', async () => {
  const result = await execute(subgraph, { query, variables: { what: 'this' } })
  expect(() => expectError(result)).toThrow('expected exactly one error, got status 200')
})
