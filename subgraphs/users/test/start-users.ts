import { AsyncLocalStorage } from 'node:async_hooks'
import { openCounters } from '@cinegraph/engines/counters/open'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { clientHeaders } from '@cinegraph/kit/client'
import { systemClock } from '@cinegraph/kit/clock'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { UserViewer, Viewer } from '@cinegraph/kit/identity'
import { Registry } from '@cinegraph/kit/metrics'
import { REVOCATIONS_AUDIENCE } from '@cinegraph/kit/revocations'
import { execute, expectData, expectError, type TestError } from '@cinegraph/testkit/execute'
import { asUser, testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { openMailbox } from '@cinegraph/testkit/mailbox'
import { decodeJwt } from 'jose'
import { afterAll, vi } from 'vitest'
import {
  createAccounts,
  createUsersSubgraph,
  type UsersDependencies,
  type UsersSettings,
} from '../src/subgraph.js'

export const settings: UsersSettings = {
  keyEncryptionSecret: 'the secret of these tests, 32 and more',
  accessToken: { issuer: 'https://cinegraph.test', audience: 'cinegraph', lifeSeconds: 600 },
  refreshTokenDays: 30,
  loginHistoryMonths: 13,
  sessionCookieSameSite: 'strict',
  passwordHash: { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, queue: 100, perAddress: 8 },
  // no delay passes while a test runs, however slowly
  attempts: {
    logIn: {
      account: { free: 5, firstDelayMs: 60_000, maxDelayMs: 900_000 },
      address: { free: 50, firstDelayMs: 60_000, maxDelayMs: 900_000 },
      perMinute: 30,
    },
    register: { address: { free: 50, firstDelayMs: 60_000, maxDelayMs: 900_000 } },
  },
  social: { redirectUris: [], timeoutMs: 10_000 },
}

export const PASSWORD = 'correct horse battery'

export interface SessionData {
  accessToken: string
  accessTokenExpiresAt: string
  refreshToken: string
  refreshTokenExpiresAt: string
  user: { id: string; login: string; email: string | null; roles: string[] }
}

export const USER =
  'id login email emailVerified firstName lastName hasPassword roles blockedAt blockedReason createdAt'

export const SESSION = `
  accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
  user { ${USER} }`

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

const started: Subgraph[] = []
afterAll(async () => {
  for (const subgraph of started.splice(0)) await subgraph.stop(AbortSignal.timeout(10_000))
})

type Change = Partial<UsersSettings & Pick<UsersDependencies, 'now' | 'counters' | 'mailer'>>

/** A started subgraph on `postgres`, stopped when the test file ends, and what people do with it. */
export async function startUsers(postgres: Postgres, options: Change = {}) {
  const mailbox = await openMailbox()
  const {
    now = systemClock,
    counters = openCounters({ url: 'memory:' }),
    mailer = mailbox.mailer,
    ...change
  } = options
  const { log, lines } = memoryLog()
  const metrics = new Registry()
  const subgraph = await createUsersSubgraph({
    postgres,
    counters,
    mailer,
    log,
    metrics,
    verifyViewer: await testIdentity.verifierFor('users'),
    verifyFeed: await testIdentity.verifierFor(REVOCATIONS_AUDIENCE),
    settings: { ...settings, ...change },
    now,
  })
  started.push(subgraph)
  await subgraph.start()
  return {
    subgraph,
    lines,
    metrics,
    mailbox,
    accounts: createAccounts(postgres, settings.passwordHash),
    /** Each request from an address of its own. */
    ...clientOf(subgraph, () => clientHeaders({ address: nextAddress(), userAgent: undefined })),
    /** The same from one address, or one that the gateway does not know. */
    from: (address: string | undefined, userAgent?: string) =>
      clientOf(subgraph, () => clientHeaders({ address, userAgent })),
  }
}

let requests = 0
function nextAddress(): string {
  requests += 1
  return `198.18.${requests >> 8}.${requests & 255}`
}

function clientOf(subgraph: Subgraph, headersOfNext: () => Record<string, string>) {
  const run = <T>(query: string, variables: Record<string, unknown>, viewer?: Viewer) =>
    execute<T>(subgraph, {
      query,
      variables,
      headers: headersOfNext(),
      ...(viewer ? { as: viewer } : {}),
    })
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

    /** What came of it, for who uses a token more often than is right. */
    async useRefreshToken(token: string): Promise<SessionData | TestError> {
      const answer = await run<{ refreshSession: SessionData }>(REFRESH, { token })
      return answer.data ? expectData(answer).refreshSession : expectError(answer)
    },
    async refresh(token: string): Promise<SessionData> {
      return expectData(await run<{ refreshSession: SessionData }>(REFRESH, { token }))
        .refreshSession
    },
    /** Null when it is refused, which it may be for one reason only. */
    async tryRefresh(token: string): Promise<SessionData | null> {
      const used = await this.useRefreshToken(token)
      if (!('extensions' in used)) return used
      if (used.extensions.code !== 'UNAUTHENTICATED') throw new Error(JSON.stringify(used))
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

export const viewerOf = ({ user, accessToken }: SessionData): UserViewer =>
  asUser({ id: user.id, sessionId: String(decodeJwt(accessToken)['sid']) })

/** SQL statements that `work` sends; those of a transaction, and of what runs in the background, do not count. */
export async function statementsOf(
  { pool }: Postgres,
  work: () => Promise<unknown>,
): Promise<number> {
  const working = new AsyncLocalStorage<true>()
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown
  let statements = 0
  const spy = vi.spyOn(pool, 'query').mockImplementation((...args: unknown[]) => {
    if (working.getStore()) statements++
    return query(...args)
  })
  await working.run(true, work)
  spy.mockRestore()
  return statements
}

/**
 * A database through a pool of its own, as another process would have. The caller starts and stops it. However many queries
 * a test sends at once, none is too long in the queue for a loaded machine.
 */
export const openAnother = (url: string): Postgres =>
  openPostgres({ url, connectTimeoutMs: 60_000, log: memoryLog().log })
