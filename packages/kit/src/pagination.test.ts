import { expect, it } from 'vitest'
import { pageSize } from './pagination.js'

it.each([1, 20, 100])('gives pages of %d items', (first) => {
  expect(pageSize(first)).toBe(first)
})

it.each([0, -1, 101])('refuses pages of %d items and says what is allowed', (first) => {
  expect(() => pageSize(first)).toThrow(
    expect.objectContaining({
      code: 'BAD_USER_INPUT',
      message: 'first: must be between 1 and 100',
      details: { argument: ['first'] },
    }) as Error,
  )
})
