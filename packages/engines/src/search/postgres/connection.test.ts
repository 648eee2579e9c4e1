import { DependencyError } from '@cinegraph/kit/errors'
import { expect, it } from 'vitest'
import { failure } from './connection.js'

const ofCode = (code: string) => Object.assign(new Error('of the driver'), { code })

it.each([
  ['57014', 'the query took too long'],
  ['08006', 'the query failed'],
  ['40P01', 'the query failed'],
])('%s is an outage: %s', (code, message) => {
  const error = ofCode(code)
  const thrown = failure(error)
  expect(thrown).toBeInstanceOf(DependencyError)
  expect(thrown).toMatchObject({ engine: 'postgres', message, cause: error })
})

it.each(['22003', '54000'])('%s is what a value is to blame for, and no outage', (code) => {
  const error = ofCode(code)
  expect(failure(error)).toBe(error)
})
