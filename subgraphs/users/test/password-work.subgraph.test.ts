import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, expect, it, vi } from 'vitest'
import { startUsers, statementsOf } from './start-users.js'

/** Every argon2 computation, as operation and cost. Time would prove the same less surely. */
const work = vi.hoisted((): string[] => [])

vi.mock(import('@node-rs/argon2'), async (original) => {
  const argon2 = await original()
  const costOf = (hash: string) => /\$m=\d+,t=\d+,p=\d+\$/.exec(hash)![0]
  return {
    ...argon2,
    async hash(...args: Parameters<typeof argon2.hash>) {
      const hash = await argon2.hash(...args)
      work.push(`hash ${costOf(hash)}`)
      return hash
    },
    async verify(...args: Parameters<typeof argon2.verify>) {
      work.push(`verify ${costOf(String(args[0]))}`)
      return argon2.verify(...args)
    },
  }
})

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
})

const workOf = async (login: string): Promise<string[]> => {
  work.length = 0
  await users.logInError(login, 'not the password')
  return [...work]
}

it('an unknown login costs the same hash as a wrong password, also the very first one', async () => {
  await users.register({ login: 'known' })
  const first = await workOf('unknown')
  expect(first).toEqual(['hash $m=64,t=1,p=1$', 'verify $m=64,t=1,p=1$'])
  const later = await workOf('unknown')
  expect(later).toEqual(['verify $m=64,t=1,p=1$'])
  expect(await workOf('known')).toEqual(later)
})

it('an unknown login costs as many SQL statements as a wrong password', async () => {
  await users.register({ login: 'counted' })
  const statements = (login: string) =>
    statementsOf(postgres, () => users.logInError(login, 'not the password'))
  expect(await statements('counted')).toBe(1)
  expect(await statements('uncounted')).toBe(1)
})

it('the first check of all costs the same when the login is known', async () => {
  users = await startUsers(await openTestPostgres())
  await users.register({ login: 'known-too' })
  expect(await workOf('known-too')).toEqual(['hash $m=64,t=1,p=1$', 'verify $m=64,t=1,p=1$'])
})
