import { randomBytes, randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { UserViewer } from '@cinegraph/kit/identity'
import { expectData, expectError, type ExecuteResult } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { decodeJwt } from 'jose'
import { PASSWORD, type startUsers } from './start-users.js'

type Users = Awaited<ReturnType<typeof startUsers>>

export const READER = asUser({ permissions: ['users:read'] })
// these change something only where they were given a seat
export const SUPPORT = asUser({ permissions: ['users:read', 'users:write'] })
export const ADMIN = asUser({ permissions: ['users:read', 'users:write', 'roles:write'] })

/** The ids of the built-in roles, the same everywhere. */
export const ROLES = {
  user: '01900000-0000-7000-8000-000000000001',
  subscriber: '01900000-0000-7000-8000-000000000002',
  editor: '01900000-0000-7000-8000-000000000003',
  admin: '01900000-0000-7000-8000-000000000004',
} as const

const ACCOUNT = 'id login roles blockedAt blockedReason'

/** Changes of accounts and roles: what came of each, not yet judged. */
export function administrationOf({ run }: Pick<Users, 'run'>) {
  const mutate =
    (signature: string, field: string) =>
    (viewer: UserViewer, variables: Record<string, unknown>): Promise<ExecuteResult<Answer>> =>
      run(`mutation (${signature}) { it: ${field} }`, variables, viewer)
  return {
    blockUser: mutate(
      '$id: ID!, $reason: String!',
      `blockUser(id: $id, reason: $reason) { ${ACCOUNT} }`,
    ),
    unblockUser: mutate('$id: ID!', `unblockUser(id: $id) { ${ACCOUNT} }`),
    deleteUser: mutate('$id: ID!', 'deleteUser(id: $id)'),
    deleteMyAccount: mutate('$password: String', 'deleteMyAccount(password: $password)'),
    createRole: mutate('$input: CreateRoleInput!', `createRole(input: $input) { ${ROLE} }`),
    updateRole: mutate(
      '$id: ID!, $input: UpdateRoleInput!',
      `updateRole(id: $id, input: $input) { ${ROLE} }`,
    ),
    deleteRole: mutate('$id: ID!', 'deleteRole(id: $id)'),
    assignRole: mutate(
      '$userId: ID!, $roleId: ID!',
      `assignRole(userId: $userId, roleId: $roleId) { ${ACCOUNT} }`,
    ),
    revokeRole: mutate(
      '$userId: ID!, $roleId: ID!',
      `revokeRole(userId: $userId, roleId: $roleId) { ${ACCOUNT} }`,
    ),
  }
}

const ROLE = 'id name description permissions builtIn'

interface Answer {
  it: unknown
}

/** What an operation gave whose only field is `it`. */
export const itOf = async <T>(answer: Promise<ExecuteResult<Answer>>): Promise<T> =>
  expectData(await answer).it as T

export async function refusalOf(answer: Promise<ExecuteResult<unknown>>) {
  const { message, extensions } = expectError(await answer)
  return { message, ...extensions }
}

/** Makes an account with these roles besides `user`, and logs it in. */
export async function join(users: Users, login: string, roles: readonly string[] = []) {
  await users.accounts.ensure({ login, password: PASSWORD, roles: ['user', ...roles] })
  const session = await users.logIn(login)
  const { sub, sid, permissions } = decodeJwt<{ sid: string; permissions: string[] }>(
    session.accessToken,
  )
  return { ...session, id: sub!, viewer: asUser({ id: sub!, sessionId: sid, permissions }) }
}

/** Whether gateways take an access token, as they decide it from what is revoked. */
export async function isAccepted({ prisma }: Postgres, accessToken: string): Promise<boolean> {
  const { sub, sid, gen } = decodeJwt<{ sid: string; gen: number }>(accessToken)
  const refusing = await prisma.revocation.count({
    where: { OR: [{ sessionId: sid }, { userId: sub!, generation: { gt: gen } }] },
  })
  return refusing === 0
}

/** Gives `viewer`, of whom there is only what a token says so far, an account that may do this, and the session. */
export async function seat(postgres: Postgres, viewer: UserViewer): Promise<void> {
  const { id, sessionId, permissions } = viewer
  const { id: roleId } = await makeRole(postgres, [...permissions])
  await postgres.prisma.user.create({
    data: {
      ...{ id, login: id, loginKey: id },
      roles: { create: { roleId } },
      sessions: { create: { id: sessionId } },
    },
  })
}

/** A role with a name that no other has. */
export const makeRole = ({ prisma }: Postgres, permissions: string[]) => {
  const id = randomUUID()
  const data = { id, name: `role-${id.slice(-12)}`, description: 'For a test.', permissions }
  return prisma.role.create({ data })
}

/** Of what an account may have besides its sessions, one of each. */
export async function leaveTraces({ prisma }: Postgres, userId: string): Promise<void> {
  const expiresAt = new Date(Date.now() + 600_000)
  const hash = () => randomBytes(32)
  const social = { provider: 'GOOGLE', subject: userId } as const
  await prisma.socialAccount.create({ data: { ...social, userId } })
  await prisma.socialLinkOffer.create({ data: { ...social, userId, hash: hash(), expiresAt } })
  const flow = { codeVerifier: '', nonce: '', redirectUri: '', stateHash: hash(), flowHash: hash() }
  await prisma.socialFlow.create({ data: { ...flow, provider: 'GOOGLE', userId, expiresAt } })
  const mail = { purpose: 'CONFIRM_EMAIL', email: 'somebody@example.org' } as const
  await prisma.emailToken.create({ data: { ...mail, userId, hash: hash(), expiresAt } })
}

/** Names of the tables that have rows of this account. */
export async function tracesOf({ pool }: Postgres, userId: string): Promise<string[]> {
  const tables = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = 'users'::regnamespace AND attname = 'user_id' AND relkind IN ('r', 'p')
       AND NOT relispartition ORDER BY relname`,
  )
  const found = await Promise.all(
    tables.rows.map(async ({ name }) => {
      const { rowCount } = await pool.query(`SELECT FROM users.${name} WHERE user_id = $1`, [
        userId,
      ])
      return rowCount ? [name] : []
    }),
  )
  return found.flat()
}
