import { expect, it } from 'vitest'
import { pageInfoOf } from './pagination.js'

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
