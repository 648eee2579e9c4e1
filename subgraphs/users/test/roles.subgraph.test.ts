import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Viewer } from '@cinegraph/kit/identity'
import { encodeCursor } from '@cinegraph/kit/cursor'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN,
  administrationOf,
  isAccepted,
  itOf,
  join,
  makeRole,
  READER,
  refusalOf,
  ROLES,
  seat,
} from './administration.js'
import { startUsers, statementsOf } from './start-users.js'

const MANAGER = asUser({ permissions: ['roles:write'] })

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let admin: ReturnType<typeof administrationOf>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
  admin = administrationOf(users)
  await join(users, 'keeper', ['admin'])
  for (const viewer of [MANAGER, ADMIN]) await seat(postgres, viewer)
})

interface Role {
  id: string
  name: string
  permissions: string[]
  builtIn: boolean
}

const ROLE = 'id name description permissions builtIn'
const input = (change: Record<string, unknown> = {}) => ({
  input: { name: 'critic', description: 'Writes reviews.', permissions: [], ...change },
})
const permissionsOf = (accessToken: string) =>
  decodeJwt<{ permissions: string[] }>(accessToken).permissions

describe('roles', () => {
  const LIST = `query ($first: Int, $after: String) {
    roles(first: $first, after: $after) {
      edges { node { ${ROLE} } } pageInfo { hasNextPage endCursor } totalCount
    }
  }`
  interface List {
    roles: {
      edges: { node: Role }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
      totalCount: number
    }
  }
  const list = async (variables: Record<string, unknown>, viewer: Viewer = READER) =>
    expectData(await users.run<List>(LIST, variables, viewer)).roles

  it.each([
    ['users:read', READER],
    ['roles:write', MANAGER],
  ])('are listed by name, page by page, to who has %s', async (_, viewer) => {
    const all = await postgres.prisma.role.findMany({ orderBy: { name: 'asc' } })
    const first = await list({ first: 3 }, viewer)
    expect(first.edges.map(({ node }) => node)).toEqual(all.slice(0, 3))
    expect(first).toMatchObject({ totalCount: all.length, pageInfo: { hasNextPage: true } })
    const rest = await list({ after: first.pageInfo.endCursor }, viewer)
    expect(rest.edges.map(({ node }) => node)).toEqual(all.slice(3))
    expect(rest.edges.at(-1)?.node).toMatchObject({ id: ROLES.user, builtIn: true })
    expect(rest.pageInfo.hasNextPage).toBe(false)
  })

  it('refuse a cursor of another list', async () => {
    for (const after of [encodeCursor([new Date(), 'x']), encodeCursor(['a\0b']), 'x']) {
      expect(await refusalOf(users.run(LIST, { after }, READER))).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: ['after'],
      })
    }
  })

  const ONE = `query ($id: ID!) {
    role(id: $id) { name users(first: 2) { edges { node { login email } } pageInfo { endCursor } totalCount } }
  }`
  const find = async (id: string, viewer: Viewer) =>
    expectData(await users.run<{ role: unknown }>(ONE, { id }, viewer)).role

  it('are found by id with their users, whose private fields need users:read', async () => {
    const role = await makeRole(postgres, [])
    for (const login of ['Cee', 'bee', 'ant']) {
      const { user } = await users.register({ login, email: `${login}@example.org` })
      await itOf(admin.assignRole(MANAGER, { userId: user.id, roleId: role.id }))
    }
    expect(await find(role.id, READER)).toMatchObject({
      name: role.name,
      users: {
        edges: [
          { node: { login: 'ant', email: 'ant@example.org' } },
          { node: { login: 'bee', email: 'bee@example.org' } },
        ],
        totalCount: 3,
      },
    })
    expect(await find(role.id, MANAGER)).toMatchObject({
      users: { edges: [{ node: { login: 'ant', email: null } }, {}] },
    })
    expect(await find(crypto.randomUUID(), READER)).toBeNull()
    expect(await find('admin', READER)).toBeNull()
    await itOf(admin.deleteRole(MANAGER, { id: role.id }))
  })

  it('are read with their users in as many statements as one of them', async () => {
    const [ants, bees] = [await makeRole(postgres, []), await makeRole(postgres, [])]
    for (const login of ['ant', 'bee', 'cee']) {
      await join(users, `${login}-1`, [ants.name])
      await join(users, `${login}-2`, [ants.name, bees.name])
    }
    const MANY = `query ($first: Int) {
      roles(first: $first) { edges { node {
        name users(first: 2) { edges { node { login } } pageInfo { hasNextPage } totalCount }
      } } }
    }`
    const read = (first: number) => users.run<List>(MANY, { first }, READER)
    const found = expectData(await read(100)).roles.edges.map(({ node }) => node)
    const page = (totalCount: number, ...logins: string[]) => ({
      edges: logins.map((login) => ({ node: { login } })),
      pageInfo: { hasNextPage: true },
      totalCount,
    })
    expect(found).toContainEqual({ name: ants.name, users: page(6, 'ant-1', 'ant-2') })
    expect(found).toContainEqual({ name: bees.name, users: page(3, 'ant-2', 'bee-2') })
    const one = await statementsOf(postgres, () => read(1))
    expect(await statementsOf(postgres, () => read(100))).toBe(one)
    for (const { id } of [ants, bees]) await itOf(admin.deleteRole(MANAGER, { id }))
  })

  it.each([
    [ANONYMOUS, 'UNAUTHENTICATED'],
    [asUser(), 'FORBIDDEN'],
    [asUser({ permissions: ['users:write'] }), 'FORBIDDEN'],
  ])('are not for $kind with $permissions', async (viewer, code) => {
    expect(await refusalOf(users.run(LIST, {}, viewer))).toMatchObject({ code })
    expect(await refusalOf(users.run(ONE, { id: ROLES.user }, viewer))).toMatchObject({ code })
  })
})

describe('createRole', () => {
  it('makes a role with its permissions in order, each once', async () => {
    const permissions = ['reviews:write', 'films:read-hidden', 'reviews:write']
    const role = await itOf<Role>(admin.createRole(MANAGER, input({ permissions })))
    expect(role).toEqual({
      id: expect.any(String) as string,
      name: 'critic',
      description: 'Writes reviews.',
      permissions: ['films:read-hidden', 'reviews:write'],
      builtIn: false,
    })
    expect(await refusalOf(admin.createRole(MANAGER, input()))).toMatchObject({
      code: 'CONFLICT',
      argument: ['input', 'name'],
    })
  })

  it.each([
    [{ name: 'Critic' }, ['input', 'name']],
    [{ name: 'a b' }, ['input', 'name']],
    [{ name: '' }, ['input', 'name']],
    [{ name: 'x'.repeat(33) }, ['input', 'name']],
    [{ description: ' ' }, ['input', 'description']],
    [{ description: 'x'.repeat(501) }, ['input', 'description']],
    [{ permissions: ['films'] }, ['input', 'permissions', 0]],
    [{ permissions: ['films:write', 'films:*'] }, ['input', 'permissions', 1]],
    [{ permissions: ['films:write:all'] }, ['input', 'permissions', 0]],
    [{ permissions: [`films:${'x'.repeat(35)}`] }, ['input', 'permissions', 0]],
    [{ permissions: Array.from({ length: 21 }, (_, i) => `area:x${i}`) }, ['input', 'permissions']],
  ])('refuses %j', async (change, argument) => {
    expect(await refusalOf(admin.createRole(MANAGER, input(change)))).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument,
    })
  })
})

describe('what somebody loses', () => {
  it('is lost at once when a role permits less, to everyone who has it and nobody else', async () => {
    const role = await makeRole(postgres, ['films:write', 'people:write'])
    const [one, other] = [
      await join(users, 'less1', [role.name]),
      await join(users, 'less2', [role.name]),
    ]
    const stranger = await join(users, 'less3')
    const change = { permissions: ['films:write'] }
    await itOf(admin.updateRole(MANAGER, { id: role.id, input: change }))
    for (const { accessToken } of [one, other]) {
      expect(await isAccepted(postgres, accessToken)).toBe(false)
    }
    expect(await isAccepted(postgres, stranger.accessToken)).toBe(true)
    const renewed = await users.refresh(one.refreshToken)
    expect(await isAccepted(postgres, renewed.accessToken)).toBe(true)
    expect(permissionsOf(renewed.accessToken)).toEqual(['films:write'])
  })

  it('is lost at once when a role is taken from them', async () => {
    const { id: userId, accessToken, refreshToken } = await join(users, 'demoted', ['editor'])
    const roleId = ROLES.editor
    expect(await itOf(admin.revokeRole(MANAGER, { userId, roleId }))).toMatchObject({ id: userId })
    expect(await isAccepted(postgres, accessToken)).toBe(false)
    const renewed = await users.refresh(refreshToken)
    expect(renewed.user.roles).toEqual(['user'])
    await itOf(admin.revokeRole(MANAGER, { userId, roleId }))
    expect(await isAccepted(postgres, renewed.accessToken)).toBe(true)
  })

  it('is lost at once when a role is deleted or renamed', async () => {
    for (const operate of ['deleteRole', 'updateRole'] as const) {
      const role = await makeRole(postgres, ['films:write'])
      const { accessToken, refreshToken } = await join(users, `of-${operate.toLowerCase()}`, [
        role.name,
      ])
      const renamed = { input: { name: 'renamed' } }
      await itOf(admin[operate](MANAGER, { id: role.id, ...(operate === 'updateRole' && renamed) }))
      expect(await isAccepted(postgres, accessToken)).toBe(false)
      const { roles } = (await users.refresh(refreshToken)).user
      expect(roles).toEqual(operate === 'updateRole' ? ['renamed', 'user'] : ['user'])
    }
  })

  it('is revoked only for those who may have an access token', async () => {
    const role = await makeRole(postgres, ['films:write'])
    const here = await join(users, 'here', [role.name])
    const away = await join(users, 'away', [role.name])
    const idle = await join(users, 'idle', [role.name])
    const change = (userId: string, data: { endedAt: Date } | { lastUsedAt: Date }) =>
      postgres.prisma.session.updateMany({ where: { userId }, data })
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
    // an access token lives 600 seconds, and its signing may have taken 60
    await change(here.id, { lastUsedAt: ago(600) })
    await change(away.id, { endedAt: ago(0) })
    await change(idle.id, { lastUsedAt: ago(661) })
    await itOf(admin.updateRole(MANAGER, { id: role.id, input: { permissions: [] } }))
    const revoked = await postgres.prisma.revocation.findMany({
      where: { userId: { in: [here.id, away.id, idle.id] } },
    })
    expect(revoked.map(({ userId }) => userId)).toEqual([here.id])
  })

  it('is not kept by who logs in meanwhile', async () => {
    const role = await makeRole(postgres, ['films:write'])
    await join(users, 'meanwhile', [role.name])
    const logIns = Array.from({ length: 20 }, () => users.logIn('meanwhile').catch(() => undefined))
    const [, ...sessions] = await Promise.all([
      itOf(admin.deleteRole(MANAGER, { id: role.id })),
      ...logIns,
    ])
    const opened = sessions.filter((it) => it !== undefined)
    for (const { accessToken } of opened) {
      const permitted = permissionsOf(accessToken).includes('films:write')
      expect(await isAccepted(postgres, accessToken)).toBe(!permitted)
    }
  })
})

describe('what somebody gains', () => {
  it('comes with their next access token, and the one they have stays good', async () => {
    const { id: userId, accessToken, refreshToken } = await join(users, 'promoted')
    const roleId = ROLES.editor
    expect(await itOf(admin.assignRole(ADMIN, { userId, roleId }))).toMatchObject({
      roles: ['editor', 'user'],
    })
    await itOf(admin.assignRole(ADMIN, { userId, roleId }))
    expect(await isAccepted(postgres, accessToken)).toBe(true)
    const renewed = await users.refresh(refreshToken)
    expect(permissionsOf(renewed.accessToken)).toContain('films:write')
  })

  it('comes with a role that permits more, and a description that changes costs nobody anything', async () => {
    const role = await makeRole(postgres, ['films:write'])
    const { accessToken, refreshToken } = await join(users, 'more', [role.name])
    const change = { permissions: ['people:write', 'films:write'], description: 'More.' }
    expect(await itOf(admin.updateRole(MANAGER, { id: role.id, input: change }))).toMatchObject({
      description: 'More.',
      name: role.name,
    })
    expect(await isAccepted(postgres, accessToken)).toBe(true)
    const renewed = await users.refresh(refreshToken)
    expect(permissionsOf(renewed.accessToken)).toEqual(['films:write', 'people:write'])
  })

  it('is at most eight roles, however many are given at once', async () => {
    const { id: userId } = await join(users, 'collector')
    const roles = await Promise.all(Array.from({ length: 10 }, () => makeRole(postgres, [])))
    const answers = await Promise.all(
      roles.map(({ id }) => admin.assignRole(MANAGER, { userId, roleId: id })),
    )
    const refused = answers.filter(({ errors }) => errors)
    expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(
      Array<string>(3).fill('CONFLICT'),
    )
    expect(await postgres.prisma.userRole.count({ where: { userId } })).toBe(8)
  })
})

describe('a built-in role', () => {
  it.each(Object.values(ROLES))('is not deleted: %s', async (id) => {
    expect(await refusalOf(admin.deleteRole(MANAGER, { id }))).toMatchObject({ code: 'CONFLICT' })
  })

  it('keeps its name', async () => {
    const change = { id: ROLES.editor, input: { name: 'redactor' } }
    expect(await refusalOf(admin.updateRole(MANAGER, change))).toMatchObject({
      code: 'CONFLICT',
      argument: ['input', 'name'],
    })
    const same = { id: ROLES.editor, input: { name: 'editor', description: 'Edits.' } }
    expect(await itOf(admin.updateRole(MANAGER, same))).toMatchObject({ description: 'Edits.' })
  })

  it('may permit something else, but admin keeps roles:write', async () => {
    const permissions = ['films:write']
    expect(
      await itOf(admin.updateRole(MANAGER, { id: ROLES.editor, input: { permissions } })),
    ).toMatchObject({ permissions })
    expect(
      await refusalOf(admin.updateRole(MANAGER, { id: ROLES.admin, input: { permissions } })),
    ).toMatchObject({ code: 'CONFLICT', argument: ['input', 'permissions'] })
  })
})

describe('who changes roles', () => {
  const id = ROLES.editor
  const member = { userId: crypto.randomUUID(), roleId: id }
  const OPERATIONS = {
    createRole: input({ name: 'own' }),
    updateRole: { id, input: { permissions: ['roles:write'] } },
    deleteRole: { id },
    assignRole: member,
    revokeRole: member,
  }

  it.each(Object.entries(OPERATIONS))('holds roles:write: %s', async (name, variables) => {
    const operate = admin[name as keyof typeof OPERATIONS]
    for (const permissions of [[], ['users:read', 'users:write', 'films:write']]) {
      const viewer = asUser({ permissions })
      expect(await refusalOf(operate(viewer, variables))).toMatchObject({ code: 'FORBIDDEN' })
    }
    const anonymous = ANONYMOUS as unknown as typeof MANAGER
    expect(await refusalOf(operate(anonymous, variables))).toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  it('is told of what is not there', async () => {
    const { id: userId } = await join(users, 'there')
    const gone = crypto.randomUUID()
    const cases = [
      [admin.updateRole(MANAGER, { id: gone, input: {} }), 'id'],
      [admin.deleteRole(MANAGER, { id: 'editor' }), 'id'],
      [admin.assignRole(MANAGER, { userId: gone, roleId: id }), 'userId'],
      [admin.revokeRole(MANAGER, { userId: 'there', roleId: id }), 'userId'],
      [admin.assignRole(MANAGER, { userId, roleId: gone }), 'roleId'],
    ] as const
    for (const [answer, argument] of cases) {
      expect(await refusalOf(answer)).toMatchObject({ code: 'NOT_FOUND', argument: [argument] })
    }
  })
})

it('what was done to roles, and by whom, is in the log', async () => {
  const { id: userId } = await join(users, 'logged')
  const by = MANAGER.id
  const { id } = await itOf<Role>(admin.createRole(MANAGER, input({ name: 'logged' })))
  await itOf(admin.updateRole(MANAGER, { id, input: { permissions: ['films:write'] } }))
  // the second time each changes nothing
  for (const change of [admin.assignRole, admin.assignRole, admin.revokeRole, admin.revokeRole]) {
    await itOf(change(MANAGER, { userId, roleId: id }))
  }
  await itOf(admin.deleteRole(MANAGER, { id }))
  const role = expect.objectContaining({ id, name: 'logged' }) as unknown
  const concerned = users.lines.filter(
    (it) => it['roleId'] === id || (it['role'] as Role | undefined)?.id === id,
  )
  expect(concerned).toMatchObject([
    { by, role, msg: 'role created' },
    { by, role, msg: 'role changed' },
    { by, userId, msg: 'role assigned' },
    { by, userId, msg: 'role revoked' },
    { by, role, msg: 'role deleted' },
  ])
})
