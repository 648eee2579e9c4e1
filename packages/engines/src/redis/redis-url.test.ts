import { ConfigError } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { isRedisUrl, parseRedisUrl } from './redis-url.js'

const parse = (url: string) =>
  parseRedisUrl({ url, setting: 'CACHE_URL', parameters: ['maxBytes'] })

it('reads all parts of a URL', () => {
  expect(
    parse('rediss://us%3Aer:p%40ss@cache.example:7000/3?prefix=staging:&budgetMs=80&maxBytes=1'),
  ).toEqual({
    connection: {
      ...{ host: 'cache.example', port: 7_000, db: 3, tls: {} },
      ...{ username: 'us:er', password: 'p@ss' },
    },
    prefix: 'staging:',
    budgetMs: 80,
    parameters: new Map([
      ['prefix', 'staging:'],
      ['budgetMs', '80'],
      ['maxBytes', '1'],
    ]),
    shown: 'cache.example:7000/3',
  })
})

it('takes what is not given as Redis does', () => {
  expect(parse('redis://[::1]')).toMatchObject({
    connection: { host: '::1', port: 6_379, db: 0 },
    prefix: 'cinegraph:',
    budgetMs: 50,
  })
  expect(parse('redis://:secret@cache').connection).not.toHaveProperty('username')
})

it.each([
  ...['redis://', 'redis://cache/films', 'redis://cache/0/1', 'redis://:secret@cache?db=1'],
  ...['', '0', '1.5', '10001', 'x'].map((it) => `redis://:secret@cache?budgetMs=${it}`),
])('refuses %s, and names the setting but no password', (url) => {
  expect(() => parse(url)).toThrow(ConfigError)
  expect(() => parse(url)).toThrow(/^CACHE_URL: (?!.*secret)/)
})

it('knows the URLs of Redis from others', () => {
  expect(['redis://a', 'rediss://a'].every(isRedisUrl)).toBe(true)
  expect(['memory:', 'redis', ''].some(isRedisUrl)).toBe(false)
})
