import { randomUUID } from 'node:crypto'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { parseConfig } from '@cinegraph/kit/config'
import {
  passwordHasherEnv,
  passwordHasherOptions,
} from '@cinegraph/users/accounts/password-hasher.env'
import { createAccounts } from '@cinegraph/users/subgraph'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { z } from 'zod'
import type { startCinegraph } from './harness.js'

type Cinegraph = Pick<Awaited<ReturnType<typeof startCinegraph>>, 'databaseUrl' | 'data'>

export interface Session {
  readonly accessToken: string
  readonly refreshToken: string
}

export interface Person extends Session {
  readonly id: string
  readonly login: string
  /** The role that nobody else has; undefined for who has only what everyone has. */
  readonly roleId?: string | undefined
}

export const PASSWORD = 'correct horse battery'
/** Settings under which logging in costs next to nothing. */
export const CHEAP_PASSWORDS = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' }
const CHEAP = passwordHasherOptions(parseConfig(z.object(passwordHasherEnv), CHEAP_PASSWORDS))

const LOG_IN = `mutation ($input: LogInInput!) {
  logIn(input: $input) { accessToken refreshToken }
}`
const CREATE_ROLE = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }`

/** Makes people who may do this and that, and logs them in. */
export async function openPeople(cinegraph: Cinegraph) {
  const { databaseUrl } = cinegraph
  const postgres = openPostgres({ url: databaseUrl, owner: 'users', log: memoryLog().log })
  afterAll(() => postgres.stop(AbortSignal.timeout(5_000)))
  await postgres.start()
  const accounts = createAccounts(postgres, CHEAP)

  async function logIn(login: string): Promise<Session> {
    const variables = { input: { login, password: PASSWORD } }
    return (await cinegraph.data({ query: LOG_IN, variables }))['logIn'] as Session
  }

  async function make(roles: readonly string[]): Promise<Person> {
    const login = `person-${randomUUID()}`
    const { id } = await accounts.ensure({ login, password: PASSWORD, roles })
    return { id, login, ...(await logIn(login)) }
  }

  const admin = await make(['user', 'admin'])

  async function createRole(permissions: readonly string[]) {
    const name = `role-${randomUUID().slice(0, 20)}`
    const input = { name, description: 'For a test.', permissions }
    const created = await cinegraph.data({
      query: CREATE_ROLE,
      variables: { input },
      token: admin.accessToken,
    })
    return { name, ...(created['createRole'] as { id: string }) }
  }

  return {
    admin,
    postgres,
    logIn,
    /** A new account that is logged in, with a role that permits exactly this. */
    async withPermissions(permissions: readonly string[]): Promise<Person> {
      const { id: roleId, name } = await createRole(permissions)
      return { ...(await make(['user', name])), roleId }
    },
    /** One with this role besides. */
    withRole: (name: string) => make(['user', name]),
    /** One with what everyone has. */
    plain: () => make(['user']),
  }
}
