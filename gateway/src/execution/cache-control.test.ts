import { expect, it } from 'vitest'
import { sharedSeconds } from './cache-control.js'

it.each([
  ['max-age=30, public', 30],
  ['public,max-age=0030', 30],
  ['Public, Max-Age=30, stale-while-revalidate=60', 30],
  ['public, max-age=0', 0],
  ['public', 0],
  ['max-age=30', 0],
  ['max-age=30, private', 0],
  ['public, max-age=30, private="set-cookie"', 0],
  ['public, max-age=30, no-store', 0],
  ['public, max-age=30, no-cache', 0],
  ['public, max-age=30, max-age=60', 0],
  ['public, max-age=-1', 0],
  ['public, max-age=1e9', 0],
  ['public, max-age="30"', 0],
  ['no-store', 0],
  ['', 0],
  [undefined, 0],
])('%j may be shared for %i seconds', (header, seconds) => {
  expect(sharedSeconds(header)).toBe(seconds)
})
