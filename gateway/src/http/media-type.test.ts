import { expect, it } from 'vitest'
import { GRAPHQL_RESPONSE, JSON_RESPONSE, responseType, wantsPage } from './media-type.js'

it.each([
  [undefined, JSON_RESPONSE],
  ['', JSON_RESPONSE],
  ['*/*', JSON_RESPONSE],
  ['application/*', JSON_RESPONSE],
  ['Application/JSON; charset=utf-8', JSON_RESPONSE],
  ['application/graphql-response+json', GRAPHQL_RESPONSE],
  ['image/png, application/graphql-response+json;q=0.9, application/json;q=0.8', GRAPHQL_RESPONSE],
  ['text/html, image/*', undefined],
])('to Accept %o it answers with %o', (accept, expected) => {
  expect(responseType(accept)).toBe(expected)
})

it('a page is for those who name HTML', () => {
  expect(wantsPage('text/html,application/xhtml+xml,*/*;q=0.8')).toBe(true)
  expect(wantsPage('*/*')).toBe(false)
  expect(wantsPage(undefined)).toBe(false)
})
