import { expect, test } from 'vitest'
import { parseWanted } from './arguments.js'

test('no words mean every server', () => {
  expect(parseWanted([]).map(({ name }) => name)).toEqual([
    'kafka',
    'elasticsearch',
    'redis',
    'postgres',
    'toxiproxy',
  ])
})

test('a server is wanted once, on the port that was named last', () => {
  expect(parseWanted(['redis', 'kafka', 'redis:6379'])).toEqual([
    { name: 'redis', port: 6379 },
    { name: 'kafka' },
  ])
})

test.each(['mysql', '', 'redis:', 'redis:0', 'redis:65536', 'redis:http', 'redis:6379:1', 'Redis'])(
  '"%s" is refused with what can be given',
  (word) => {
    expect(() => parseWanted(['kafka', word])).toThrow(
      `"${word}" is no server: give kafka, elasticsearch, redis, postgres, toxiproxy, with a port as in redis:6379`,
    )
  },
)
