import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { type Clock, systemClock } from '@cinegraph/kit/clock'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Viewer } from '@cinegraph/kit/identity'
import { Registry } from '@cinegraph/kit/metrics'
import { execute, expectData, expectError, type TestError } from '@cinegraph/testkit/execute'
import { asUser, testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { vi } from 'vitest'
import { createAccounts, createUsersSubgraph, type UsersSettings } from '../src/subgraph.js'

export const settings: UsersSettings = {
  keyEncryptionSecret: 'the secret of these tests, 32 and more',
  accessToken: { issuer: 'https://cinegraph.test', audience: 'cinegraph', lifeSeconds: 600 },
  refreshTokenDays: 30,
  sessionCookieSameSite: 'strict',
  passwordHash: { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, queue: 100 },
}

export const PASSWORD = 'correct horse battery'

export interface SessionData {
  accessToken: string
  accessTokenExpiresAt: string
  refreshToken: string
  refreshTokenExpiresAt: string
  user: { id: string; login: string; email: string | null; roles: string[] }
}

export const SESSION = `
  accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
  user { id login email firstName lastName roles createdAt }`

export const USER = 'id login email firstName lastName roles createdAt'

const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on Session { ${SESSION} }
    ... on LoginTaken { login }
    ... on WeakPassword { reason }
  }
}`
const LOG_IN = `mutation ($input: LogInInput!) { logIn(input: $input) { ${SESSION} } }`
const REFRESH = `mutation ($token: String!) { refreshSession(refreshToken: $token) { ${SESSION} } }`

/** A clock that stands until it is moved. */
export function createClock() {
  let time = Date.now()
  return {
    now: () => new Date(time),
    advance(by: { days?: number; seconds?: number; ms?: number }) {
      time += (by.days ?? 0) * 86_400_000 + (by.seconds ?? 0) * 1000 + (by.ms ?? 0)
    },
  }
}

/** A started subgraph on `postgres`, and what people do with it. */
export async function startUsers(
  postgres: Postgres,
  { now = systemClock, ...change }: Partial<UsersSettings> & { now?: Clock } = {},
) {
  const { log, lines } = memoryLog()
  const metrics = new Registry()
  const subgraph = await createUsersSubgraph({
    postgres,
    log,
    metrics,
    verifyViewer: await testIdentity.verifierFor('users'),
    settings: { ...settings, ...change },
    now,
  })
  await subgraph.start()
  return {
    subgraph,
    lines,
    metrics,
    accounts: createAccounts(postgres, settings.passwordHash),
    ...clientOf(subgraph),
  }
}

function clientOf(subgraph: Subgraph) {
  const run = <T>(query: string, variables: Record<string, unknown>, viewer?: Viewer) =>
    execute<T>(subgraph, { query, variables, ...(viewer ? { as: viewer } : {}) })
  return {
    run,

    async register(input: Record<string, unknown>) {
      const answer = await run<{ register: { __typename: string } & SessionData }>(REGISTER, {
        input: { password: PASSWORD, ...input },
      })
      return expectData(answer).register
    },
    async registerError(input: Record<string, unknown>): Promise<TestError> {
      return expectError(await run(REGISTER, { input: { password: PASSWORD, ...input } }))
    },

    async logIn(login: string, password = PASSWORD): Promise<SessionData> {
      const answer = await run<{ logIn: SessionData }>(LOG_IN, { input: { login, password } })
      return expectData(answer).logIn
    },
    async logInError(login: string, password = PASSWORD): Promise<TestError> {
      return expectError(await run(LOG_IN, { input: { login, password } }))
    },

    async refresh(token: string): Promise<SessionData> {
      return expectData(await run<{ refreshSession: SessionData }>(REFRESH, { token }))
        .refreshSession
    },
    /** Null when it is refused, which it may be for one reason only. */
    async tryRefresh(token: string): Promise<SessionData | null> {
      const answer = await run<{ refreshSession: SessionData }>(REFRESH, { token })
      if (answer.data) return expectData(answer).refreshSession
      const { extensions } = expectError(answer)
      if (extensions.code !== 'UNAUTHENTICATED') throw new Error(answer.body)
      return null
    },
    async refreshError(token: string): Promise<TestError> {
      return expectError(await run(REFRESH, { token }))
    },

    async me(viewer?: Viewer) {
      return expectData(await run<{ me: unknown }>(`{ me { ${USER} } }`, {}, viewer)).me
    },
  }
}

export const viewerOf = ({ user }: SessionData): Viewer => asUser({ id: user.id })

/** SQL statements that `work` sends; those of a transaction do not count. */
export async function statementsOf(
  { pool }: Postgres,
  work: () => Promise<unknown>,
): Promise<number> {
  const query = vi.spyOn(pool, 'query')
  await work()
  const { length } = query.mock.calls
  query.mockRestore()
  return length
}

/** The same database through a pool of its own, as another process would have. The caller starts and stops it. */
export const openAnother = (url: string): Postgres => openPostgres({ url, log: memoryLog().log })
