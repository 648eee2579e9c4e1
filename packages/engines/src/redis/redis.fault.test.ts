import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import { Redis as Client } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PATIENT_MS, withBudget } from './own-part.contract.js'
import { Redis, type RedisOptions } from './redis.js'
import { type RedisProcess, startRedis } from './redis-process.contract.js'
import { parseRedisUrl } from './redis-url.js'

const setting = 'CACHE_URL'
const scripts = {
  echo: 'return ARGV[1]',
  note: `return redis.call('RPUSH', 'notes', ARGV[1])`,
  refused: `return redis.call('INCR', 'notes')`,
}

const url = realServer('redis')

describe.skipIf(url === undefined)('a connection to Redis', () => {
  let redis: RedisProcess
  let client: Client
  let patient: string
  beforeAll(async () => {
    redis = await startRedis(url!)
    client = new Client(redis.url)
    patient = withBudget(redis.url, PATIENT_MS)
    await client.acl('SETUSER', 'deaf', 'on', '>p@ss', '~*', '+@all', 'resetchannels')
  })
  afterAll(async () => {
    client.disconnect()
    await redis.end()
  })

  const open = (given: string, more: Partial<RedisOptions<keyof typeof scripts>> = {}) => {
    const url = parseRedisUrl({ url: given, setting })
    return new Redis({
      ...{ url, setting, use: 'cache', scripts },
      ...{ log: undefined, metrics: undefined },
      ...more,
    })
  }

  it.each([
    ['a wrong password', (url: URL) => void (url.password = 'secret'), /refuses this user or/],
    ['no password', (url: URL) => void (url.password = ''), /wants a password/],
    ['an unknown user', (url: URL) => void (url.username = 'nobody'), /refuses this user or/],
    ['a database that there is not', (url: URL) => void (url.pathname = '/99'), /DB index/],
    ['a port on which nothing listens', (url: URL) => void (url.port = '1'), /no Redis answers/],
    ['TLS', (url: URL) => void (url.href = url.href.replace('redis', 'rediss')), /no Redis answ/],
  ])('cannot start with %s, and says so without user and password', async (_name, change, told) => {
    const changed = new URL(patient)
    change(changed)
    const error = await open(changed.href)
      .start()
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ConfigError)
    const { message } = error as ConfigError
    expect(message).toMatch(/^CACHE_URL: /)
    expect(message).toMatch(told)
    expect(message).not.toMatch(/secret|p@ss|nobody/)
  })

  it('tells who was refused an answer, and goes on', async () => {
    const { log, lines } = memoryLog()
    const connection = open(patient, { log })
    await connection.start()
    await connection.ask('note', ['secret'])
    for (let times = 0; times < 3; times++) {
      await expect(connection.ask('refused', ['secret'])).rejects.toThrow(DependencyError)
    }
    expect(await connection.ask('echo', ['answer'])).toBe('answer')
    expect(lines).toMatchObject([{ level: 'error', msg: 'redis refuses a command' }])
    expect(JSON.stringify(lines)).not.toContain('secret')
    connection.stop()
  })

  it('is asked again only when it has been told what it missed', async () => {
    const told: string[] = []
    const connection = open(withBudget(redis.url, 500), {
      async onReturn(send) {
        told.push(String(await send('echo', ['missed'])))
        if (told.length === 2) throw new Error('not yet')
      },
    })
    await connection.start()
    expect(told).toEqual(['missed'])
    redis.pause()
    await expect(connection.ask('echo', ['late'])).rejects.toThrow(DependencyError)
    await expect(connection.ask('echo', ['skipped'])).rejects.toThrow(DependencyError)
    redis.resume()
    await until(() => connection.up)
    expect(told).toEqual(['missed', 'missed', 'missed'])
    expect(await connection.ask('echo', ['answer'])).toBe('answer')
    connection.stop()
  })

  it('hears what is published, also over a new connection', async () => {
    const heard: string[] = []
    const connection = open(patient)
    connection.listen('news', (message) => heard.push(message))
    await connection.start()
    await until(() => client.publish('news', 'first'))
    await until(() => heard.includes('first'))
    await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await until(async () => {
      await client.publish('news', 'second')
      return heard.includes('second')
    })
    connection.stop()
  })

  it('works without hearing anything, and says that it cannot', async () => {
    const { log, lines } = memoryLog()
    const deaf = new URL(patient)
    deaf.username = 'deaf'
    deaf.password = 'p@ss'
    const connection = open(deaf.href, { log })
    connection.listen('news', () => {})
    await connection.start()
    await until(() => lines.some(({ msg }) => msg === 'cannot listen to redis'))
    expect(await connection.ask('echo', ['answer'])).toBe('answer')
    connection.stop()
  })
})
