import { expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from './errors.js'
import { validate } from './validate.js'

const input = z.object({
  login: z.string().trim().min(3, 'must have 3 letters or more'),
  tags: z.array(z.string().max(5, 'must have 5 letters or fewer')).default([]),
})

it('returns what the schema made of the value', () => {
  expect(validate(input, { login: ' ann ' }, 'input')).toEqual({ login: 'ann', tags: [] })
})

function refusalOf(value: unknown): AppError {
  try {
    validate(input, value, 'input')
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was accepted')
}

it('names the offending field and its limit', () => {
  expect(refusalOf({ login: 'ann', tags: ['ok', 'too long'] })).toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'input.tags.1: must have 5 letters or fewer',
    details: { argument: ['input', 'tags', 1] },
  })
})

it('names every problem, and the first few in its message', () => {
  const long = 'too long'
  const { message, details } = refusalOf({ login: 'a', tags: [long, 'ok', long, long] })
  const limit = 'must have 5 letters or fewer'
  expect(details).toEqual({
    argument: ['input', 'login'],
    problems: [
      { argument: ['input', 'login'], message: 'must have 3 letters or more' },
      { argument: ['input', 'tags', 0], message: limit },
      { argument: ['input', 'tags', 2], message: limit },
      { argument: ['input', 'tags', 3], message: limit },
    ],
  })
  expect(message).toBe(
    `input.login: must have 3 letters or more; input.tags.0: ${limit}; input.tags.2: ${limit}; and 1 more`,
  )
})

it('names twenty problems and no more', () => {
  const { details } = refusalOf({ login: 'ann', tags: Array<string>(100).fill('too long') })
  expect(details.problems).toHaveLength(20)
})
