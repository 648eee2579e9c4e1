import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { ExecuteResult } from '@cinegraph/testkit/execute'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { administrationOf, itOf, join, makeRole, refusalOf, ROLES } from './administration.js'
import { openAnother, PASSWORD, startUsers } from './start-users.js'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let admin: ReturnType<typeof administrationOf>
let url: string

async function open(): Promise<Postgres> {
  const opened = openAnother(url)
  onTestFinished(() => opened.stop(AbortSignal.timeout(10_000)))
  await opened.start()
  return opened
}

beforeEach(async () => {
  url = (await createTestDatabase()).url
  postgres = openAnother(url)
  await postgres.start()
  users = await startUsers(postgres)
  admin = administrationOf(users)
  return () => postgres.stop(AbortSignal.timeout(10_000))
})

const adminsLeft = () =>
  postgres.prisma.user.findMany({
    where: { blockedAt: null, roles: { some: { role: { permissions: { has: 'roles:write' } } } } },
    select: { id: true },
  })

const roleId = ROLES.admin
type Member = Awaited<ReturnType<typeof join>>

describe('the last administrator', () => {
  let last: Member
  beforeEach(async () => {
    last = await join(users, 'last', ['admin'])
    const blocked = await join(users, 'blocked', ['admin'])
    await itOf(admin.blockUser(last.viewer, { id: blocked.id, reason: 'Away.' }))
  })

  it.each<[string, () => Promise<ExecuteResult<unknown>>]>([
    ['gives up the role', () => admin.revokeRole(last.viewer, { userId: last.id, roleId })],
    ['leaves', () => admin.deleteMyAccount(last.viewer, { password: PASSWORD })],
  ])('never %s', async (_, attempt) => {
    expect(await refusalOf(attempt())).toMatchObject({ code: 'CONFLICT' })
    expect(await adminsLeft()).toEqual([{ id: last.id }])
    expect(await users.tryRefresh(last.refreshToken)).not.toBeNull()
    expect(await postgres.prisma.revocation.count({ where: { userId: last.id } })).toBe(0)
  })

  it('may have any role that may manage roles, and none of them goes', async () => {
    const role = await makeRole(postgres, ['roles:write'])
    const { viewer } = last
    await itOf(admin.assignRole(viewer, { userId: last.id, roleId: role.id }))
    await itOf(admin.revokeRole(viewer, { userId: last.id, roleId }))
    const { id } = role
    for (const attempt of [
      admin.deleteRole(viewer, { id }),
      admin.updateRole(viewer, { id, input: { permissions: ['users:read'] } }),
    ]) {
      expect(await refusalOf(attempt)).toMatchObject({ code: 'CONFLICT' })
    }
    await itOf(admin.updateRole(viewer, { id, input: { permissions: ['roles:write'] } }))
    await itOf(admin.assignRole(viewer, { userId: last.id, roleId }))
    await itOf(admin.deleteRole(viewer, { id }))
    expect(await adminsLeft()).toEqual([{ id: last.id }])
  })

  it('may go once there is another one', async () => {
    const next = await join(users, 'next')
    await itOf(admin.assignRole(last.viewer, { userId: next.id, roleId }))
    await itOf(admin.deleteMyAccount(last.viewer, { password: PASSWORD }))
    expect(await adminsLeft()).toEqual([{ id: next.id }])
  })
})

it('an installation without an administrator keeps nobody from leaving', async () => {
  const { viewer } = await join(users, 'guest')
  await itOf(admin.deleteMyAccount(viewer, { password: PASSWORD }))
  expect(await adminsLeft()).toEqual([])
})

it('fifty administrators who all leave at once, in every way and in two processes, leave one', async () => {
  const elsewhere = administrationOf(await startUsers(await open()))
  const second = await makeRole(postgres, ['roles:write'])
  const third = await makeRole(postgres, ['roles:write'])
  // each of the first is an administrator once, and each of the last by a role that others have as well
  const [once, shared] = [42, 8]
  const members: Member[] = []
  for (let n = 0; n < once; n++) members.push(await join(users, `admin${n}`, ['admin']))
  for (let n = 0; n < shared; n++) {
    members.push(await join(users, `manager${n}`, [n % 2 ? second.name : third.name]))
  }
  const [deletes, updates, ...others] = members.slice(once)
  const leave = (it: typeof admin, { viewer }: Member) =>
    it.deleteMyAccount(viewer, { password: PASSWORD })
  const giveUp = (it: typeof admin, { viewer, id }: Member) =>
    it.revokeRole(viewer, { userId: id, roleId })
  const answers = await Promise.all([
    ...members
      .slice(0, once)
      .map((member, n) => (n % 2 ? leave : giveUp)(n % 3 ? admin : elsewhere, member)),
    ...others.map((member) => leave(elsewhere, member)),
    admin.deleteRole(deletes!.viewer, { id: third.id }),
    elsewhere.updateRole(updates!.viewer, { id: second.id, input: { permissions: [] } }),
  ])
  expect(answers).toHaveLength(50)
  const refused = answers.filter(({ errors }) => errors)
  expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['CONFLICT'])
  expect(await adminsLeft()).toHaveLength(1)
})
