import { randomBytes } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { PasswordHasherOptions } from '@cinegraph/users/accounts/password-hasher'
import { createAccounts } from '@cinegraph/users/subgraph'
import { type Client, dataOf } from './client.js'

export const PASSWORD = 'correct horse battery'

export interface People {
  /** May read accounts and roles, and write both. */
  readonly adminToken: string
  /** May edit films and people. */
  readonly editorToken: string
  /** Logins of new accounts. */
  make(count: number): Promise<string[]>
  makeBlocked(count: number): Promise<string[]>
  makeWithoutPassword(count: number): Promise<string[]>
}

const LOG_IN = `mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }`
const BLOCK = `mutation ($id: ID!) { blockUser(id: $id, reason: "For a measurement.") { id } }`

/** What one sends to log in; `password` is the right one of all accounts made here. */
export const logInRequest = (login: string, password = PASSWORD) => ({
  query: LOG_IN,
  variables: { input: { login, password } },
})

/** A login that nobody has, as long as those that somebody has. */
export const newLogin = (): string => `user-${randomBytes(6).toString('hex')}`

export async function openPeople(
  gateway: Client,
  { postgres, cost }: { postgres: Postgres; cost: PasswordHasherOptions },
): Promise<People> {
  const accounts = createAccounts(postgres, cost)
  const create = async (roles: readonly string[] = ['user']) => {
    const login = newLogin()
    const { id } = await accounts.ensure({ login, password: PASSWORD, roles })
    return { id, login }
  }
  const tokenOf = async (role: string) => {
    const { login } = await create(['user', role])
    const { logIn } = await dataOf(gateway, logInRequest(login))
    return (logIn as { accessToken: string }).accessToken
  }
  const times = async (count: number, one: () => Promise<string>) => {
    const logins: string[] = []
    while (logins.length < count) logins.push(await one())
    return logins
  }
  const adminToken = await tokenOf('admin')
  return {
    adminToken,
    editorToken: await tokenOf('editor'),
    make: (count) => times(count, async () => (await create()).login),
    makeBlocked: (count) =>
      times(count, async () => {
        const { id, login } = await create()
        await dataOf(gateway, { query: BLOCK, variables: { id }, token: adminToken })
        return login
      }),
    makeWithoutPassword: (count) =>
      times(count, async () => {
        const { id, login } = await create()
        // as whoever came by way of a provider
        await postgres.pool.query('UPDATE users.user SET password_hash = NULL WHERE id = $1', [id])
        return login
      }),
  }
}
