import { expect, test } from 'vitest'
import { connectProblem } from './connect-problem.js'

const URL = 'postgresql://someone:secret@db.example:5432/films'
const told = (code: string | undefined, message = 'failed') =>
  connectProblem(Object.assign(new Error(message), code === undefined ? {} : { code }), URL)

test.each([
  ['28P01', 'DATABASE_URL: db.example:5432 refuses user someone or its password'],
  ['3D000', 'DATABASE_URL: db.example:5432 has no database films'],
  ['ECONNREFUSED', 'DATABASE_URL: no Postgres answers at db.example:5432 (ECONNREFUSED)'],
  [undefined, 'DATABASE_URL: cannot connect to db.example:5432: failed'],
])('%s is told in words, without the password', (code, message) => {
  expect(told(code)).toMatchObject({ name: 'ConfigError', message })
})

test('a server that is there and will not serve now is a failing dependency', () => {
  const cause = Object.assign(new Error('the database system is starting up'), { code: '57P03' })
  expect(connectProblem(cause, URL)).toMatchObject({ name: 'DependencyError', cause })
})
