import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN,
  administrationOf,
  isAccepted,
  itOf,
  join,
  makeRole,
  refusalOf,
  seat,
  SUPPORT,
} from './administration.js'
import { createClock, startUsers } from './start-users.js'

const reason = 'Sells tickets in reviews.'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let admin: ReturnType<typeof administrationOf>
const clock = createClock()

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres, { now: clock.now })
  admin = administrationOf(users)
  await join(users, 'keeper', ['admin'])
  for (const viewer of [SUPPORT, ADMIN]) await seat(postgres, viewer)
})

describe('blockUser', () => {
  it('ends every session at once and keeps its owner out, who is told why', async () => {
    const { id, accessToken, refreshToken } = await join(users, 'spammer')
    const second = await users.logIn('spammer')
    expect(await itOf(admin.blockUser(SUPPORT, { id, reason: ` ${reason} ` }))).toMatchObject({
      id,
      blockedAt: clock.now().toISOString(),
      blockedReason: reason,
    })
    for (const session of [{ accessToken, refreshToken }, second]) {
      expect(await isAccepted(postgres, session.accessToken)).toBe(false)
      expect(await users.tryRefresh(session.refreshToken)).toBeNull()
    }
    const { message, extensions } = await users.logInError('spammer')
    expect(extensions.code).toBe('FORBIDDEN')
    expect(message).toContain(reason)
  })

  it('gives a blocked account the new reason and keeps the day', async () => {
    const { id } = await join(users, 'twice')
    await itOf(admin.blockUser(SUPPORT, { id, reason }))
    const blockedAt = clock.now().toISOString()
    clock.advance({ days: 1 })
    expect(await itOf(admin.blockUser(SUPPORT, { id, reason: 'Worse.' }))).toMatchObject({
      blockedAt,
      blockedReason: 'Worse.',
    })
  })

  it('leaves no session to who logs in meanwhile', async () => {
    const { id } = await join(users, 'racer')
    const logIns = Array.from({ length: 20 }, () => users.logIn('racer').catch(() => undefined))
    const [, ...opened] = await Promise.all([
      itOf(admin.blockUser(SUPPORT, { id, reason })),
      ...logIns,
    ])
    expect(await postgres.prisma.session.count({ where: { userId: id, endedAt: null } })).toBe(0)
    for (const session of opened) {
      if (session) expect(await isAccepted(postgres, session.accessToken)).toBe(false)
    }
  })

  it.each([
    ['', 'must not be empty'],
    ['  ', 'must not be empty'],
    ['x'.repeat(501), 'must have at most 500 characters'],
    ['a\0b', 'may not hold control characters'],
  ])('refuses the reason %j', async (bad, message) => {
    const { id } = await postgres.prisma.user.findUniqueOrThrow({ where: { loginKey: 'keeper' } })
    expect(await refusalOf(admin.blockUser(ADMIN, { id, reason: bad }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: ['reason'],
      problems: [{ message }],
    })
  })
})

describe('unblockUser', () => {
  it('lets people in again, with new sessions only', async () => {
    const { id, refreshToken, accessToken } = await join(users, 'forgiven')
    await itOf(admin.blockUser(SUPPORT, { id, reason }))
    expect(await itOf(admin.unblockUser(SUPPORT, { id }))).toMatchObject({
      blockedAt: null,
      blockedReason: null,
    })
    expect(await users.tryRefresh(refreshToken)).toBeNull()
    expect(await isAccepted(postgres, accessToken)).toBe(false)
    const session = await users.logIn('forgiven')
    expect(await isAccepted(postgres, session.accessToken)).toBe(true)
  })

  it('does nothing to an account that is not blocked', async () => {
    const { id, accessToken } = await join(users, 'innocent')
    expect(await itOf(admin.unblockUser(SUPPORT, { id }))).toMatchObject({ blockedAt: null })
    expect(await isAccepted(postgres, accessToken)).toBe(true)
  })
})

describe('deleteUser', () => {
  it('ends everything at once and leaves nothing of the person', async () => {
    const { id, viewer, accessToken, refreshToken } = await join(users, 'deleted')
    expect(await itOf(admin.deleteUser(SUPPORT, { id: id.toUpperCase() }))).toBe(id)
    expect(await isAccepted(postgres, accessToken)).toBe(false)
    expect(await users.tryRefresh(refreshToken)).toBeNull()
    expect(await users.me(viewer)).toBeNull()
    expect(await users.register({ login: 'deleted' })).toMatchObject({ __typename: 'Session' })
  })
})

const OPERATIONS = {
  blockUser: (viewer: typeof SUPPORT, id: string) => admin.blockUser(viewer, { id, reason }),
  unblockUser: (viewer: typeof SUPPORT, id: string) => admin.unblockUser(viewer, { id }),
  deleteUser: (viewer: typeof SUPPORT, id: string) => admin.deleteUser(viewer, { id }),
}

describe.each(Object.entries(OPERATIONS))('%s', (name, operate) => {
  it('finds no account where there is none', async () => {
    for (const id of [crypto.randomUUID(), 'spammer', '']) {
      expect(await refusalOf(operate(SUPPORT, id))).toMatchObject({
        code: 'NOT_FOUND',
        argument: ['id'],
      })
    }
  })

  it('is not for who lacks the permission', async () => {
    const { id } = await join(users, `${name.toLowerCase()}-bystander`)
    for (const permissions of [[], ['users:read'], ['roles:write']]) {
      expect(await refusalOf(operate(asUser({ permissions }), id))).toMatchObject({
        code: 'FORBIDDEN',
      })
    }
    const mutation = `mutation ($id: ID!) { ${name}(id: $id${name === 'blockUser' ? ', reason: "x"' : ''})${name === 'deleteUser' ? '' : ' { id }'} }`
    expect(await refusalOf(users.run(mutation, { id }, ANONYMOUS))).toMatchObject({
      code: 'UNAUTHENTICATED',
    })
    expect(await users.logIn(`${name}-bystander`)).toMatchObject({ user: { id } })
  })

  it('is not for one’s own account', async () => {
    const { id, viewer } = await join(users, `${name.toLowerCase()}-self`, ['admin'])
    expect(await refusalOf(operate(viewer, id))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await users.logIn(`${name}-self`)).toMatchObject({ user: { id } })
  })

  it.each(['users:write', 'roles:write'])(
    'reaches who has %s only with roles:write, blocked or not',
    async (permission) => {
      const { name: role } = await makeRole(postgres, [permission])
      const colleague = await join(users, `${name}.${permission.replace(':', '.')}`.toLowerCase(), [
        role,
      ])
      expect(await refusalOf(operate(SUPPORT, colleague.id))).toMatchObject({ code: 'FORBIDDEN' })
      await itOf(admin.blockUser(ADMIN, { id: colleague.id, reason }))
      expect(await refusalOf(operate(SUPPORT, colleague.id))).toMatchObject({ code: 'FORBIDDEN' })
      await itOf(operate(ADMIN, colleague.id))
    },
  )

  it('reaches an editor with users:write', async () => {
    const { id } = await join(users, `${name.toLowerCase()}-editor`, ['editor'])
    await itOf(operate(SUPPORT, id))
  })
})

it('the reason of a block is for its owner and who may read accounts', async () => {
  const { id } = await join(users, 'hidden')
  await itOf(admin.blockUser(SUPPORT, { id, reason }))
  const writer = asUser({ permissions: ['users:write'] })
  await seat(postgres, writer)
  expect(await itOf(admin.blockUser(writer, { id, reason }))).toMatchObject({
    login: 'hidden',
    blockedAt: null,
    blockedReason: null,
  })
})

it('what was done to whom, and by whom, is in the log', async () => {
  const { id } = await join(users, 'logged')
  const by = SUPPORT.id
  await itOf(admin.blockUser(SUPPORT, { id, reason }))
  await itOf(admin.unblockUser(SUPPORT, { id }))
  // changes nothing
  await itOf(admin.unblockUser(SUPPORT, { id }))
  await itOf(admin.deleteUser(SUPPORT, { id }))
  const told = users.lines.filter(({ userId }) => userId === id).map(({ by, msg }) => ({ by, msg }))
  expect(told).toEqual([
    { by, msg: 'account blocked' },
    { by, msg: 'account unblocked' },
    { by, msg: 'account deleted' },
  ])
})
