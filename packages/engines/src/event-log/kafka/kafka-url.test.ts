import { ConfigError } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { parseKafkaUrl } from './kafka-url.js'

it('takes a broker as it is', () => {
  expect(parseKafkaUrl('kafka://localhost')).toEqual({
    brokers: ['localhost:9092'],
    ssl: false,
    replicas: undefined,
    compression: 'gzip',
    shown: 'localhost:9092',
  })
})

it('takes several brokers, a user, a password in any signs, and options', () => {
  const url =
    'kafka://us%40er:p%3A%2F@s@one:19092,two.example.org/?ssl=true&sasl=SCRAM-SHA-512&replicas=3&compression=none'
  expect(parseKafkaUrl(url)).toEqual({
    brokers: ['one:19092', 'two.example.org:9092'],
    ssl: true,
    sasl: { mechanism: 'scram-sha-512', username: 'us@er', password: 'p:/@s' },
    replicas: 3,
    compression: 'none',
    shown: 'one:19092,two.example.org:9092',
  })
})

it.each(['kafkas://host', 'KAFKAS://host', 'kafka://host?ssl=true'])('uses TLS for %s', (url) => {
  expect(parseKafkaUrl(url).ssl).toBe(true)
})

it('logs in by PLAIN unless it is told otherwise', () => {
  expect(parseKafkaUrl('kafka://user:secret@host').sasl?.mechanism).toBe('plain')
})

it.each<[string, RegExp]>([
  ['kafka://', /brokers by host and port/],
  ['kafka://user:secret@', /brokers by host and port/],
  ['kafka://one,,two', /brokers by host and port/],
  ['kafka://host:0', /brokers by host and port/],
  ['kafka://host:secret', /brokers by host and port/],
  ['kafka://[::1]:9092', /brokers by host and port/],
  ['kafka://host/secret', /must be like/],
  ['kafka://secret@host', /user and password/],
  ['kafka://user:@host', /user and password/],
  ['kafka://user:secret%@host', /percent-encoded/],
  ['kafka://host?sasl=plain', /sasl wants a user/],
  ['kafka://user:secret@host?sasl=kerberos', /sasl must be plain or/],
  ['kafka://host?ssl=yes', /ssl must be true or false/],
  ['kafka://host?replicas=0', /replicas must be a whole number from 1/],
  ['kafka://host?replicas=two', /replicas must be a whole number from 1/],
  ['kafka://host?compression=snappy', /compression must be gzip or none/],
  ['kafka://host?group=secret', /the option group is not one of ssl, sasl/],
])('refuses %s, without telling secrets', (url, problem) => {
  expect(() => parseKafkaUrl(url)).toThrow(ConfigError)
  expect(() => parseKafkaUrl(url)).toThrow(/^EVENT_LOG_URL: /)
  expect(() => parseKafkaUrl(url)).toThrow(problem)
  expect(() => parseKafkaUrl(url)).not.toThrow(/secret/)
})
