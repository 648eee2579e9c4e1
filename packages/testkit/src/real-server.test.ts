import { expect, test } from 'vitest'
import { realServer } from './real-server.js'

const URL = 'redis://:secret@127.0.0.1:6379/0'

test('a server that is given has its URL', () => {
  expect(realServer('redis', { TEST_REDIS_URL: URL })).toBe(URL)
  expect(realServer('redis', { TEST_REDIS_URL: URL, REQUIRE_REAL: '1' })).toBe(URL)
})

test.each([{}, { TEST_REDIS_URL: '' }, { TEST_REDIS_URL: ' ' }, { TEST_KAFKA_URL: URL }])(
  'one that is not is skipped, or missed when it is required: %o',
  (env) => {
    expect(realServer('redis', env)).toBeUndefined()
    expect(realServer('redis', { ...env, REQUIRE_REAL: '0' })).toBeUndefined()
    expect(() => realServer('redis', { ...env, REQUIRE_REAL: '1' })).toThrow(
      'REQUIRE_REAL=1, but TEST_REDIS_URL is not set: start it with npm run servers',
    )
  },
)
