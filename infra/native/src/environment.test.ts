import { execFileSync } from 'node:child_process'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { renderEnvironment } from './environment.js'
import { SERVER_NAMES } from './server-kind.js'
import { drawPassword } from './server-record.js'
import { SERVERS } from './servers/index.js'

const access = { ports: [20_001, 20_002] as const, password: drawPassword() }
const urls = new Map(
  SERVER_NAMES.map((name) => [name, SERVERS[name].url({ ...access, ports: [...access.ports] })]),
)
const at = `${access.password}@127.0.0.1:20001`
const expected = {
  TEST_KAFKA_URL: `kafka://cinegraph:${at}`,
  EVENT_LOG_URL: `kafka://cinegraph:${at}`,
  TEST_ELASTICSEARCH_URL: `http://elastic:${at}`,
  SEARCH_URL: `http://elastic:${at}`,
  TEST_REDIS_URL: `redis://:${at}/0`,
  CACHE_URL: `redis://:${at}/0`,
  COUNTERS_URL: `redis://:${at}/0`,
  TEST_POSTGRES_URL: `postgresql://cinegraph:${at}/postgres`,
  DATABASE_URL: `postgresql://cinegraph:${at}/postgres`,
  TEST_TOXIPROXY_URL: 'http://127.0.0.1:20001',
}

test('Node reads the file', () => {
  expect(parseEnv(renderEnvironment(urls))).toEqual(expected)
})

test('a shell reads the file', () => {
  const printed = execFileSync('/bin/sh', ['-c', `set -a\n${renderEnvironment(urls)}env`], {
    ...{ encoding: 'utf8', env: {} },
  })
  expect(parseEnv(printed)).toMatchObject(expected)
})

test('without servers there is nothing to set', () => {
  expect(renderEnvironment(new Map())).toBe('')
})
