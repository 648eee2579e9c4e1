import { expect, it } from 'vitest'
import { pageInfoOf, pageSize } from './pagination.js'

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

it('takes the cursors of a page from its items', () => {
  const edges = ['a', 'b', 'c'].map((cursor) => ({ cursor, node: {} }))
  expect(pageInfoOf({ edges, hasNextPage: true, hasPreviousPage: false })).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: 'a',
    endCursor: 'c',
  })
})

it('has no cursors on an empty page', () => {
  expect(pageInfoOf({ edges: [], hasNextPage: false, hasPreviousPage: true })).toMatchObject({
    startCursor: null,
    endCursor: null,
  })
})

it('leads on from where items at the end were left out', () => {
  const page = { edges: [], hasNextPage: true, hasPreviousPage: false, endCursor: 'z' }
  expect(pageInfoOf(page)).toMatchObject({ startCursor: null, endCursor: 'z' })
})
