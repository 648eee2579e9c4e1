import { openCounters } from '@cinegraph/engines/counters/open'
import { Registry } from '@cinegraph/kit/metrics'
import { beforeEach, expect, it } from 'vitest'
import { createAttemptsFactory, type Attempted, type CreateAttempts } from './attempts.js'

// no time passes here: once there is a delay it lasts
const limit = (free: number) => ({ free, firstDelayMs: 60_000, maxDelayMs: 60_000 })

let metrics: Registry
let createAttempts: CreateAttempts

beforeEach(() => {
  metrics = new Registry()
  createAttempts = createAttemptsFactory({ counters: openCounters({ url: 'memory:' }), metrics })
})

const limitedTo = (free: { account?: number; address?: number }) => {
  const attempts = createAttempts('log-in', {
    ...(free.account && { account: limit(free.account) }),
    ...(free.address && { address: limit(free.address) }),
  })
  return {
    take: (attempted: Attempted) => attempts.take(attempted),
    /** How many of `number` attempts one after another were not refused. */
    taken: async (number: number, attempted: Attempted) => {
      let taken = 0
      for (let i = 0; i < number; i++) {
        taken += await attempts.take(attempted).then(
          () => 1,
          () => 0,
        )
      }
      return taken
    },
  }
}

const here = '203.0.113.7'

it('refuses with RATE_LIMITED, the seconds to wait, and the same words for either limit', async () => {
  const refused = {
    code: 'RATE_LIMITED',
    message: 'Too many attempts. Try again in 60 seconds.',
    details: { retryAfterSeconds: 60 },
  }
  const { take } = limitedTo({ account: 1, address: 2 })
  await take({ account: 'ann', address: here })
  await expect(take({ account: 'ann', address: here })).rejects.toMatchObject(refused)
  await take({ account: 'ben', address: here })
  await expect(take({ account: 'cat', address: here })).rejects.toMatchObject(refused)
})

it('limits an account wherever the attempts come from', async () => {
  const { take, taken } = limitedTo({ account: 2, address: 2 })
  await take({ account: 'ann', address: '203.0.113.1' })
  await take({ account: 'ann', address: '203.0.113.2' })
  expect(await taken(1, { account: 'ann', address: '203.0.113.3' })).toBe(0)
  expect(await taken(1, { account: 'ann' })).toBe(0)
  expect(await taken(1, { account: 'ben', address: '203.0.113.3' })).toBe(1)
})

it('limits an address whatever accounts are tried, one /64 counting as one', async () => {
  const { take, taken } = limitedTo({ account: 2, address: 2 })
  await take({ account: 'ann', address: '2001:db8::1' })
  await take({ account: 'ben', address: '2001:db8::2' })
  expect(await taken(1, { account: 'cat', address: '2001:db8::3' })).toBe(0)
  expect(await taken(1, { account: 'cat', address: '2001:db8:0:1::3' })).toBe(1)
})

it('limits a /48 to ten times what one sender may do', async () => {
  const { taken } = limitedTo({ address: 2 })
  const all = []
  for (let i = 0; i < 20; i++) all.push(await taken(3, { address: `2001:db8:0:${i}::1` }))
  expect(all).toEqual([
    ...Array.from({ length: 10 }, () => 2),
    ...Array.from({ length: 10 }, () => 0),
  ])
  expect(await taken(1, { address: '2001:db8:1::1' })).toBe(1)
})

it('limits all together whose address is not known', async () => {
  const { taken } = limitedTo({ address: 2 })
  expect(await taken(2, {})).toBe(2)
  expect(await taken(1, { address: 'unknown' })).toBe(0)
  expect(await taken(1, { address: here })).toBe(1)
})

it('does not limit what has no limit, nor an account that is not given', async () => {
  expect(await limitedTo({ account: 1 }).taken(5, { address: here })).toBe(5)
  expect(await limitedTo({ address: 5 }).taken(5, { account: 'ann', address: here })).toBe(5)
})

it('counts an attempt that the address refuses not against the account', async () => {
  const { take, taken } = limitedTo({ account: 2, address: 1 })
  await take({ account: 'ben', address: here })
  expect(await taken(10, { account: 'ann', address: here })).toBe(0)
  let elsewhere = 0
  for (let i = 0; i < 10; i++) {
    elsewhere += await taken(1, { account: 'ann', address: `198.51.100.${i}` })
  }
  expect(elsewhere).toBe(2)
})

it('counts an attempt that the account refuses not against the address', async () => {
  const { taken } = limitedTo({ account: 1, address: 2 })
  expect(await taken(10, { account: 'ann', address: here })).toBe(1)
  expect(await taken(10, { account: 'ben', address: here })).toBe(1)
})

it('forgets after a success what failed at the account, and of the address only the success', async () => {
  const { take, taken } = limitedTo({ account: 2, address: 3 })
  await take({ account: 'ann', address: here })
  const right = await take({ account: 'ann', address: here })
  await right.succeed()
  expect(await taken(10, { account: 'ann', address: here })).toBe(2)
  expect(await taken(1, { account: 'ben', address: here })).toBe(0)
  expect(await taken(1, { account: 'ann' })).toBe(0)
})

it('lets any number of people behind one address in while they succeed', async () => {
  const { take } = limitedTo({ account: 1, address: 2 })
  for (let i = 0; i < 20; i++) {
    const attempt = await take({ account: `person ${i}`, address: here })
    await attempt.succeed()
  }
})

it('can undo an attempt that came to nothing, of account and address', async () => {
  const { take, taken } = limitedTo({ account: 1, address: 1 })
  const attempt = await take({ account: 'ann', address: here })
  await attempt.undo()
  expect(await taken(10, { account: 'ann', address: here })).toBe(1)
})

it('keeps kinds apart, and counts refusals by kind and limit', async () => {
  const { taken } = limitedTo({ account: 1, address: 2 })
  await taken(3, { account: 'ann', address: here })
  await taken(2, { account: 'ben', address: here })
  const others = createAttempts('register', { address: limit(1) })
  await others.take({ address: here })
  await expect(others.take({ address: here })).rejects.toThrow()
  const refused = await metrics.getSingleMetric('cinegraph_users_attempts_refused_total')!.get()
  expect(refused.values).toEqual([
    { labels: { kind: 'log-in', by: 'account' }, value: 2 },
    { labels: { kind: 'log-in', by: 'address' }, value: 1 },
    { labels: { kind: 'register', by: 'address' }, value: 1 },
  ])
})
