import { postgresEnv } from '@cinegraph/engines/postgres/env'
import { accessTokenEnv, httpPort, integer, subgraphEnv } from '@cinegraph/kit/config'
import { z } from 'zod'
import { SAME_SITE } from './sessions/session-cookies.js'
import type { UsersSettings } from './subgraph.js'

const DAY_SECONDS = 86_400
const MIN_SECRET_LENGTH = 32

export const usersConfig = z
  .object({
    ...subgraphEnv,
    PORT: httpPort(4001),
    ...postgresEnv,
    USERS_KEY_ENCRYPTION_SECRET: z
      .string()
      .min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`)
      .describe('encrypts the private keys of access tokens in the database'),
    ...accessTokenEnv,
    ACCESS_TOKEN_SECONDS: integer({ min: 60, max: DAY_SECONDS, default: 600 }).describe(
      'life of an access token; less than that of a refresh token',
    ),
    REFRESH_TOKEN_DAYS: integer({ min: 1, max: 365, default: 30 }).describe(
      'days without a visit after which one has to log in again',
    ),
    SESSION_COOKIE_SAME_SITE: z
      .enum(SAME_SITE, `must be ${SAME_SITE.join(', ')}`)
      .default('strict')
      .describe('requests of other sites that carry the session cookies: strict, lax or none'),
    ARGON2_MEMORY_KIB: integer({ min: 8, max: 1_048_576, default: 19_456 }).describe(
      'KiB of memory that hashing one password takes',
    ),
    ARGON2_PASSES: integer({ min: 1, max: 100, default: 2 }).describe('passes over that memory'),
    ARGON2_PARALLELISM: integer({ min: 1, max: 16, default: 1 }).describe(
      'threads that hash one password',
    ),
    ARGON2_AT_ONCE: integer({ min: 1, max: 64, default: 2 }).describe(
      'passwords hashed at the same time; more wait',
    ),
    ARGON2_QUEUE: integer({ min: 0, max: 10_000, default: 100 }).describe(
      'passwords that may wait to be hashed; more are answered with SERVICE_UNAVAILABLE',
    ),
  })
  .refine((it) => it.ACCESS_TOKEN_SECONDS < it.REFRESH_TOKEN_DAYS * DAY_SECONDS, {
    path: ['ACCESS_TOKEN_SECONDS'],
    message: 'must be less than REFRESH_TOKEN_DAYS, or sessions end before their tokens do',
  })
  .refine((it) => it.ARGON2_MEMORY_KIB >= 8 * it.ARGON2_PARALLELISM, {
    path: ['ARGON2_MEMORY_KIB'],
    message: 'must be at least 8 for each thread of ARGON2_PARALLELISM',
  })

export const usersSettings = (config: z.output<typeof usersConfig>): UsersSettings => ({
  keyEncryptionSecret: config.USERS_KEY_ENCRYPTION_SECRET,
  accessToken: {
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    lifeSeconds: config.ACCESS_TOKEN_SECONDS,
  },
  refreshTokenDays: config.REFRESH_TOKEN_DAYS,
  sessionCookieSameSite: config.SESSION_COOKIE_SAME_SITE,
  passwordHash: {
    memoryKiB: config.ARGON2_MEMORY_KIB,
    passes: config.ARGON2_PASSES,
    parallelism: config.ARGON2_PARALLELISM,
    atOnce: config.ARGON2_AT_ONCE,
    queue: config.ARGON2_QUEUE,
  },
})
