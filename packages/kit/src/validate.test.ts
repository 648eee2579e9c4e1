import { expect, it } from 'vitest'
import { z } from 'zod'
import type { AppError } from './errors.js'
import { validate } from './validate.js'

const input = z.object({
  login: z.string().trim().min(3, 'must have 3 letters or more'),
  tags: z.array(z.string().max(5, 'must have 5 letters or fewer')).default([]),
})

it('returns what the schema made of the value', () => {
  expect(validate(input, { login: ' ann ' }, 'input')).toEqual({ login: 'ann', tags: [] })
})

it('names the first offending field and its limit', () => {
  const refused = (): unknown => {
    try {
      return validate(input, { login: 'ann', tags: ['ok', 'too long'] }, 'input')
    } catch (error) {
      return error
    }
  }
  expect(refused() as AppError).toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'input.tags.1: must have 5 letters or fewer',
    details: { argument: ['input', 'tags', 1] },
  })
})
