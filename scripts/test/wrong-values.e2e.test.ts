import { expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

const cinegraph = await startCinegraph()

const LITERAL = (value: string) => ({
  query: `{ users(filter: { registeredFrom: ${value} }) { edges { node { id } } } }`,
})
const VARIABLE = (value: unknown) => ({
  query: `query ($from: DateTime) {
    users(filter: { registeredFrom: $from }) { edges { node { id } } }
  }`,
  variables: { from: value },
})

test.each([
  LITERAL('"yesterday"'),
  LITERAL('5'),
  LITERAL('{ year: 2026 }'),
  VARIABLE('yesterday'),
  VARIABLE(5),
])('a date that is none is wrong input and no outage: $query $variables', async (request) => {
  const token = await cinegraph.tokenOf('admin')
  const { data, errors } = await cinegraph.ask({ ...request, token })
  expect(data ?? { users: null }).toEqual({ users: null })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  expect(errors![0]!.extensions).not.toHaveProperty('retryable')
  expect(cinegraph.log().filter(({ level }) => level === 'error')).toEqual([])
})
