import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { ExecuteResult } from '@cinegraph/testkit/execute'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { administrationOf, itOf, join, makeRole, refusalOf, ROLES } from './administration.js'
import { behindALock, OF_ADMINISTRATION, ofAccount } from './behind-a-lock.js'
import { openAnother, startUsers } from './start-users.js'

type Member = Awaited<ReturnType<typeof join>>
type Answer = ExecuteResult<unknown>

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
// of two processes, because each sends one change at a time to the database
let here: ReturnType<typeof administrationOf>
let elsewhere: ReturnType<typeof administrationOf>
let keeper: Member

beforeAll(async () => {
  const { url } = await createTestDatabase()
  postgres = openAnother(url)
  const another = openAnother(url)
  await Promise.all([postgres.start(), another.start()])
  users = await startUsers(postgres)
  here = administrationOf(users)
  elsewhere = administrationOf(await startUsers(another))
  keeper = await join(users, 'keeper', ['admin'])
  return async () => {
    await Promise.all([postgres, another].map((it) => it.stop(AbortSignal.timeout(10_000))))
  }
})

let made = 0
let falling: Member
let colleague: Member
beforeEach(async () => {
  made++
  const support = await makeRole(postgres, ['users:write'])
  falling = await join(users, `falling${made}`, ['admin', support.name])
  colleague = await join(users, `colleague${made}`, [support.name])
})

const roleId = ROLES.admin
const rolesOf = async ({ id }: Member) => {
  const where = { users: { some: { userId: id } } }
  return (await postgres.prisma.role.findMany({ where })).map(({ name }) => name)
}

const OPERATIONS: Record<string, () => Promise<Answer>> = {
  'give it back': () => elsewhere.assignRole(falling.viewer, { userId: falling.id, roleId }),
  'make another role': () =>
    elsewhere.createRole(falling.viewer, {
      input: { name: `back-door${made}`, description: 'x', permissions: ['roles:write'] },
    }),
  'let a role permit it': () =>
    elsewhere.updateRole(falling.viewer, {
      id: ROLES.user,
      input: { permissions: ['roles:write'] },
    }),
  'take it from others': () => elsewhere.revokeRole(falling.viewer, { userId: keeper.id, roleId }),
  'block a colleague': () => elsewhere.blockUser(falling.viewer, { id: colleague.id, reason: 'x' }),
  'delete a colleague': () => elsewhere.deleteUser(falling.viewer, { id: colleague.id }),
}

describe.each(Object.entries(OPERATIONS))('an administrator who is about to %s', (_, operate) => {
  it('may not once the role is taken away', async () => {
    const [taken, late] = await behindALock(postgres, OF_ADMINISTRATION, [
      () => itOf(here.revokeRole(keeper.viewer, { userId: falling.id, roleId })),
      operate,
    ])
    expect(taken).toMatchObject({ id: falling.id })
    expect(await refusalOf(Promise.resolve(late))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await rolesOf(falling)).not.toContain('admin')
    expect(await rolesOf(keeper)).toContain('admin')
  })

  it('may not once the account is blocked', async () => {
    const [blocked, late] = await behindALock(postgres, OF_ADMINISTRATION, [
      () => itOf(here.blockUser(keeper.viewer, { id: falling.id, reason: 'x' })),
      operate,
    ])
    expect(blocked).toMatchObject({ id: falling.id })
    expect(await refusalOf(Promise.resolve(late))).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('may not once the session has ended', async () => {
    const end = 'mutation { it: endAllSessions }'
    const [ended, late] = await behindALock(postgres, ofAccount(falling.id), [
      () => itOf<number>(users.run<{ it: unknown }>(end, {}, falling.viewer)),
      operate,
    ])
    expect(ended).toBe(1)
    expect(await refusalOf(Promise.resolve(late))).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})
