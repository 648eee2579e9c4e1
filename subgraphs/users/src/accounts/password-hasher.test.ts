import { OverloadError } from '@cinegraph/kit/errors'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import { expect, it } from 'vitest'
import { createPasswordHasher } from './password-hasher.js'

const cheap = { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, queue: 10, perAddress: 8 }

it('matches the password that was hashed and no other', async () => {
  const hasher = createPasswordHasher(cheap)
  const stored = await hasher.hash('correct horse')
  expect(await hasher.check(stored, { password: 'correct horse' })).toEqual({ matches: true })
  expect(await hasher.check(stored, { password: 'correct horsf' })).toEqual({ matches: false })
})

it('makes argon2id hashes of the configured cost, each with its own salt', async () => {
  const hasher = createPasswordHasher(cheap)
  const [one, other] = [await hasher.hash('same'), await hasher.hash('same')]
  expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
  expect(one).not.toBe(other)
})

it('matches nothing where no hash is stored', async () => {
  expect(await createPasswordHasher(cheap).check(undefined, { password: '' })).toEqual({
    matches: false,
  })
})

it.each([{ memoryKiB: 128 }, { passes: 2 }, { parallelism: 2 }])(
  'offers a replacement when the cost has changed to %o',
  async (change) => {
    const stored = await createPasswordHasher(cheap).hash('correct horse')
    const hasher = createPasswordHasher({ ...cheap, ...change })
    const { matches, replacement } = await hasher.check(stored, { password: 'correct horse' })
    expect(matches).toBe(true)
    expect(await hasher.check(replacement, { password: 'correct horse' })).toEqual({
      matches: true,
    })
  },
)

it('offers no replacement for a wrong password', async () => {
  const stored = await createPasswordHasher(cheap).hash('correct horse')
  const hasher = createPasswordHasher({ ...cheap, passes: 2 })
  expect(await hasher.check(stored, { password: 'battery staple' })).toEqual({ matches: false })
})

it('refuses what it cannot take on, and serves the others', async () => {
  const hasher = createPasswordHasher({ ...cheap, atOnce: 2, queue: 3 })
  const answers = await Promise.allSettled(
    Array.from({ length: 8 }, () => hasher.check(undefined, { password: 'x' })),
  )
  expect(answers.map((it) => it.status)).toEqual([
    ...Array.from({ length: 5 }, () => 'fulfilled'),
    ...Array.from({ length: 3 }, () => 'rejected'),
  ])
  expect(answers.at(-1)).toMatchObject({ reason: expect.any(OverloadError) as unknown })
})

it('keeps places for others, whatever one sender asks for', async () => {
  const { log, lines } = memoryLog()
  const metrics = new Registry()
  const hasher = createPasswordHasher({ ...cheap, atOnce: 1, perAddress: 3 }, { metrics, log })
  const from = (address: string | undefined) =>
    hasher.check(undefined, { password: 'x', client: { address } }).then(
      () => 'done',
      () => 'refused',
    )
  const many = (address: string | undefined) => Array.from({ length: 125 }, () => from(address))
  const attack = [...many('203.0.113.7'), ...many(undefined)]
  const others = await Promise.all([from('203.0.113.8'), from('2001:db8::1')])
  expect(others).toEqual(['done', 'done'])
  const outcomes = await Promise.all(attack)
  expect(outcomes.filter((it) => it === 'done')).toHaveLength(6)
  expect(await Promise.all(many('203.0.113.7').slice(0, 3))).toEqual(['done', 'done', 'done'])
  expect(lines).toHaveLength(1)
})

it('counts what it does, what waits and what it refuses', async () => {
  const metrics = new Registry()
  const hasher = createPasswordHasher({ ...cheap, atOnce: 1, queue: 2 }, { metrics })
  const read = async (name: string) => {
    const prefix = 'cinegraph_users_password_hashing_'
    const lines = (await metrics.metrics()).split('\n')
    return Number(lines.find((line) => line.startsWith(`${prefix}${name} `))?.split(' ')[1])
  }
  const hashed = Promise.allSettled(Array.from({ length: 4 }, () => hasher.hash('x')))
  expect(await Promise.all([read('waiting'), read('refused_total{by="queue"}')])).toEqual([2, 1])
  await hashed
  expect(await Promise.all([read('waiting'), read('seconds_count')])).toEqual([0, 3])
})
