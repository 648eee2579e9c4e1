import { countersEnv } from '@cinegraph/engines/counters/env'
import { postgresEnv } from '@cinegraph/engines/postgres/env'
import { accessTokenEnv, httpPort, integer, subgraphEnv } from '@cinegraph/kit/config'
import { z } from 'zod'
import { passwordHasherEnv, passwordHasherOptions } from './accounts/password-hasher.env.js'
import { attemptLimits } from './authentication/attempt-limits.js'
import { emailEnv } from './email/email.env.js'
import { SAME_SITE } from './sessions/session-cookies.js'
import { checkSocialEnv, socialEnv, socialSettings } from './social/social.env.js'
import type { UsersSettings } from './subgraph.js'

const DAY_SECONDS = 86_400
const MIN_SECRET_LENGTH = 32

export const usersConfig = z
  .object({
    ...subgraphEnv,
    PORT: httpPort(4001),
    ...postgresEnv,
    ...countersEnv,
    ...emailEnv,
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
    LOGIN_HISTORY_MONTHS: integer({ min: 1, max: 120, default: 13 }).describe(
      'whole months for which the login history is kept',
    ),
    ...passwordHasherEnv,
    LOGIN_FREE_ATTEMPTS: integer({ min: 1, max: 1000, default: 5 }).describe(
      'wrong passwords for one login within a day before the next has to wait: a second, then twice as long each time',
    ),
    LOGIN_ADDRESS_FREE_ATTEMPTS: integer({ min: 1, max: 1_000_000, default: 50 }).describe(
      'the same for one IPv4 address or one /64 of IPv6, whatever the logins',
    ),
    REGISTER_ADDRESS_FREE_ATTEMPTS: integer({ min: 1, max: 1_000_000, default: 50 }).describe(
      'registrations from one address within a day before the next has to wait: a minute, then twice as long each time',
    ),
    ATTEMPTS_MAX_DELAY_SECONDS: integer({ min: 1, max: DAY_SECONDS, default: 900 }).describe(
      'seconds that nobody has to wait longer than for the next attempt of any kind',
    ),
    ...socialEnv,
  })
  .refine((it) => it.ACCESS_TOKEN_SECONDS < it.REFRESH_TOKEN_DAYS * DAY_SECONDS, {
    path: ['ACCESS_TOKEN_SECONDS'],
    message: 'must be less than REFRESH_TOKEN_DAYS, or sessions end before their tokens do',
  })
  .refine((it) => it.ARGON2_MEMORY_KIB >= 8 * it.ARGON2_PARALLELISM, {
    path: ['ARGON2_MEMORY_KIB'],
    message: 'must be at least 8 for each thread of ARGON2_PARALLELISM',
  })
  .superRefine(checkSocialEnv)

export const usersSettings = (config: z.output<typeof usersConfig>): UsersSettings => ({
  keyEncryptionSecret: config.USERS_KEY_ENCRYPTION_SECRET,
  accessToken: {
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    lifeSeconds: config.ACCESS_TOKEN_SECONDS,
  },
  refreshTokenDays: config.REFRESH_TOKEN_DAYS,
  loginHistoryMonths: config.LOGIN_HISTORY_MONTHS,
  sessionCookieSameSite: config.SESSION_COOKIE_SAME_SITE,
  passwordHash: passwordHasherOptions(config),
  attempts: attemptLimits({
    logInFree: config.LOGIN_FREE_ATTEMPTS,
    logInAddressFree: config.LOGIN_ADDRESS_FREE_ATTEMPTS,
    registerAddressFree: config.REGISTER_ADDRESS_FREE_ATTEMPTS,
    maxDelaySeconds: config.ATTEMPTS_MAX_DELAY_SECONDS,
  }),
  social: socialSettings(config),
  appUrl: config.APP_URL,
})
