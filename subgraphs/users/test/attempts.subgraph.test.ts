import type { Counters } from '@cinegraph/engines/counters/counters'
import { openCounters } from '@cinegraph/engines/counters/open'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { DependencyError } from '@cinegraph/kit/errors'
import { openTestPostgres } from '@cinegraph/testkit/database'
import type { TestError } from '@cinegraph/testkit/execute'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PASSWORD, settings, startUsers, viewerOf } from './start-users.js'

const WRONG = 'not the password'
const { attempts } = settings
const FREE = attempts.logIn.account.free

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
})

// counters look at the clock by themselves
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  users = await startUsers(postgres)
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

/** What a client may go by. */
const told = ({ message, extensions: { requestId: _, ...extensions } }: TestError) => ({
  message,
  ...extensions,
})

const tooMany = (retryAfterSeconds: number) => ({
  message: `Too many attempts. Try again in ${retryAfterSeconds} seconds.`,
  code: 'RATE_LIMITED',
  retryAfterSeconds,
})

async function fail(login: string, times: number, from: Pick<typeof users, 'logInError'> = users) {
  const answers = []
  for (let i = 0; i < times; i++) answers.push(told(await from.logInError(login, WRONG)))
  return answers
}

const codes = (answers: { code: string }[]) => answers.map((it) => it.code)

describe('guesses at one login', () => {
  it('are answered at first, then one after each delay, the same whether it is known or not', async () => {
    await users.register({ login: 'ida-lupino' })
    const answersOf = async (login: string) => {
      const answers = await fail(login, FREE + 1)
      for (const seconds of [60, 120, 240, 480, 900, 900]) {
        pass(seconds)
        answers.push(...(await fail(login, 2)))
      }
      return answers
    }
    const answers = await answersOf('ida-lupino')
    expect(answers.filter((it) => it.code === 'RATE_LIMITED')).toEqual(
      [60, 120, 240, 480, 900, 900, 900].map(tooMany),
    )
    expect(answers.filter((it) => it.code === 'UNAUTHENTICATED')).toHaveLength(FREE + 6)
    expect(await answersOf('nobody-at-all')).toEqual(answers)
    expect(await answersOf('no login at all')).toEqual(answers)
  })

  it('count in whatever case it is typed, and wherever they come from', async () => {
    await users.register({ login: 'dorothy-arzner' })
    for (let i = 0; i < FREE; i++) await fail('Dorothy-ARZNER ', 1, users.from(`203.0.113.${i}`))
    expect(await fail('dorothy-arzner', 1)).toEqual([tooMany(60)])
  })

  it('keep also the right password out while there is a delay, and let it in afterwards', async () => {
    await users.register({ login: 'lois-weber' })
    await fail('lois-weber', FREE)
    expect(told(await users.logInError('lois-weber'))).toEqual(tooMany(60))
    pass(60)
    expect(await users.logIn('lois-weber')).toMatchObject({ user: { login: 'lois-weber' } })
  })

  it('are forgotten after a success', async () => {
    await users.register({ login: 'agnes-varda' })
    for (let i = 0; i < 3; i++) {
      expect(codes(await fail('agnes-varda', FREE - 1))).not.toContain('RATE_LIMITED')
      await users.logIn('agnes-varda')
    }
  })

  it('do not touch its live sessions', async () => {
    const session = await users.register({ login: 'maya-deren' })
    await fail('maya-deren', 50)
    expect(await users.me(viewerOf(session))).toMatchObject({ login: 'maya-deren' })
    const later = await users.refresh(session.refreshToken)
    expect(later.user).toEqual(session.user)
  })
})

describe('guesses from one address', () => {
  beforeEach(async () => {
    const address = { ...attempts.logIn.address, free: 10 }
    const logIn = { ...attempts.logIn, address }
    users = await startUsers(postgres, { attempts: { ...attempts, logIn } })
  })

  let tried = 0
  const spray = async (times: number, address: string | undefined) => {
    const from = users.from(address)
    const answers = []
    for (let i = 0; i < times; i++) answers.push(...(await fail(`film-${tried++}`, 1, from)))
    return answers
  }

  it('are limited whatever the logins, and a delay is only for that address', async () => {
    const answers = await spray(11, '203.0.113.7')
    expect(codes(answers).slice(0, 10)).not.toContain('RATE_LIMITED')
    expect(answers.at(-1)).toEqual(tooMany(60))
    expect(codes(await spray(1, '203.0.113.8'))).toEqual(['UNAUTHENTICATED'])
  })

  it('count together for a /64 of IPv6', async () => {
    for (let i = 0; i < 10; i++) await spray(1, `2001:db8:1:2::${i}`)
    expect(await spray(1, '2001:db8:1:2:ffff::1')).toEqual([tooMany(60)])
    expect(codes(await spray(1, '2001:db8:1:3::1'))).toEqual(['UNAUTHENTICATED'])
  })

  it('count together for a /48, ten times as many', async () => {
    for (let i = 0; i < 100; i++) await spray(1, `2001:db8:2:${i}::1`)
    expect(await spray(1, '2001:db8:2:ffff::1')).toEqual([tooMany(60)])
    expect(codes(await spray(1, '2001:db8:3::1'))).toEqual(['UNAUTHENTICATED'])
  })

  it('count together where the address is not known', async () => {
    await spray(10, undefined)
    expect(await spray(1, undefined)).toEqual([tooMany(60)])
    expect(codes(await spray(1, '203.0.113.7'))).toEqual(['UNAUTHENTICATED'])
  })

  it('are not forgotten after a success, which itself does not count', async () => {
    const here = users.from('203.0.113.7')
    await users.register({ login: 'alice-guy' })
    await spray(9, '203.0.113.7')
    for (let i = 0; i < 20; i++) await here.logIn('alice-guy')
    await spray(1, '203.0.113.7')
    expect(told(await here.logInError('alice-guy'))).toEqual(tooMany(60))
  })

  it('use up nothing of the accounts they are refused for', async () => {
    await users.register({ login: 'kira-muratova' })
    await spray(10, '203.0.113.7')
    await fail('kira-muratova', 20, users.from('203.0.113.7'))
    expect(codes(await fail('kira-muratova', FREE - 1))).not.toContain('RATE_LIMITED')
    await users.logIn('kira-muratova')
  })
})

it('limits right passwords for one login from one address, and nobody else’s', async () => {
  await users.register({ login: 'barbara-loden' })
  const here = users.from('203.0.113.7')
  for (let i = 0; i < attempts.logIn.perMinute; i++) await here.logIn('barbara-loden')
  expect(told(await here.logInError('barbara-loden'))).toEqual(tooMany(60))
  await users.from('203.0.113.8').logIn('barbara-loden')
  await users.register({ login: 'elaine-may' })
  await here.logIn('elaine-may')
  pass(60)
  await here.logIn('barbara-loden')
})

it('limits registrations from one address', async () => {
  const register = { address: { ...attempts.register.address, free: 2 } }
  users = await startUsers(postgres, { attempts: { ...attempts, register } })
  const here = users.from('203.0.113.7')
  await here.register({ login: 'first-there' })
  expect(await here.register({ login: 'first-there' })).toMatchObject({ __typename: 'LoginTaken' })
  expect(told(await here.registerError({ login: 'second-there' }))).toEqual(tooMany(60))
  await users.from('203.0.113.8').register({ login: 'elsewhere' })
  pass(60)
  await here.register({ login: 'second-there' })
})

it('lets nobody log in while attempts cannot be counted, and live sessions go on', async () => {
  const session = await users.register({ login: 'vera-chytilova' })
  const down = () => Promise.reject(new DependencyError('redis', 'connection refused'))
  const counters: Counters = { ...openCounters({ url: 'memory:' }), increment: down, read: down }
  users = await startUsers(postgres, { counters })
  const { code, message } = told(await users.from('203.0.113.7').logInError('vera-chytilova'))
  expect(code).toBe('SERVICE_UNAVAILABLE')
  expect(message).not.toMatch(/redis/i)
  expect(await users.tryRefresh(session.refreshToken)).not.toBeNull()
})

describe('a blocked account', () => {
  it('is told so to whoever has its password, and to nobody else', async () => {
    const { user } = await users.register({ login: 'leni' })
    await postgres.prisma.user.update({
      where: { id: user.id },
      data: { blockedAt: new Date(), blockedReason: 'Uploads what is not theirs.' },
    })
    for (let i = 0; i < FREE * 2; i++) {
      expect(told(await users.logInError('leni', PASSWORD))).toEqual({
        code: 'FORBIDDEN',
        message: 'This account is blocked. Uploads what is not theirs.',
      })
    }
    const [wrong] = await fail('leni', 1)
    expect(wrong).toEqual((await fail('nobody-blocked', 1))[0])
  })
})

describe('the login history', () => {
  const outcomes = async (userId: string) => {
    const rows = await postgres.prisma.loginAttempt.findMany({
      where: { userId },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    })
    return rows.map((it) => it.outcome).sort()
  }

  it('has what failed, and once per delay that there were too many', async () => {
    const { user } = await users.register({ login: 'chantal' })
    await fail('chantal', FREE + 5)
    pass(60)
    await fail('chantal', 5)
    await expect
      .poll(() => outcomes(user.id))
      .toEqual([
        'SUCCESS',
        'TOO_MANY_ATTEMPTS',
        'TOO_MANY_ATTEMPTS',
        ...Array.from({ length: FREE + 1 }, () => 'WRONG_PASSWORD'),
      ])
  })

  it('has log-ins that were refused because the account is blocked', async () => {
    const { user } = await users.register({ login: 'riefenstahl' })
    await postgres.prisma.user.update({ where: { id: user.id }, data: { blockedAt: new Date() } })
    await users.logInError('riefenstahl')
    await expect.poll(() => outcomes(user.id)).toEqual(['BLOCKED', 'SUCCESS'])
  })
})

it('counts passwords by outcome', async () => {
  await users.register({ login: 'counted' })
  await users.logIn('counted')
  await fail('counted', FREE + 2)
  const counted = async () => {
    const metric = users.metrics.getSingleMetric('cinegraph_users_passwords_checked_total')!
    const { values } = await metric.get()
    return new Map(values.map(({ labels, value }) => [labels['outcome'], value]))
  }
  await expect.poll(counted).toEqual(
    new Map([
      ['success', 1],
      ['wrong_password', FREE],
      ['too_many_attempts', 2],
    ]),
  )
})
