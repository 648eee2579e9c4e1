import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { usersConfig, usersSettings } from './config.js'

const required = {
  DATABASE_URL: 'postgresql://cinegraph@127.0.0.1/cinegraph',
  GATEWAY_PUBLIC_KEY: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) }),
  USERS_KEY_ENCRYPTION_SECRET: 's'.repeat(32),
  MAIL_URL: 'smtp://mail.cinegraph.test',
  MAIL_FROM: 'Cinegraph <mail@cinegraph.test>',
}

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parseConfig(usersConfig, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

it('has a default for all but addresses, keys and secrets', () => {
  const config = parseConfig(usersConfig, required)
  expect(config.PORT).toBe(4001)
  expect(usersSettings(config)).toEqual({
    keyEncryptionSecret: 's'.repeat(32),
    accessToken: { issuer: 'cinegraph', audience: 'cinegraph', lifeSeconds: 600 },
    refreshTokenDays: 30,
    sessionCookieSameSite: 'strict',
    loginHistoryMonths: 13,
    passwordHash: {
      memoryKiB: 19_456,
      passes: 2,
      parallelism: 1,
      atOnce: 2,
      queue: 100,
      perAddress: 8,
    },
    attempts: {
      logIn: {
        account: { free: 5, firstDelayMs: 1_000, maxDelayMs: 900_000 },
        address: { free: 50, firstDelayMs: 1_000, maxDelayMs: 900_000 },
        perMinute: 30,
      },
      register: { address: { free: 50, firstDelayMs: 60_000, maxDelayMs: 900_000 } },
    },
    social: { redirectUris: [], timeoutMs: 5_000 },
  })
})

it('names every setting that is missing', () => {
  expect(problemsOf({}).map((line) => line.split(':')[0])).toEqual([
    'GATEWAY_PUBLIC_KEY',
    'DATABASE_URL',
    'MAIL_URL',
    'MAIL_FROM',
    'USERS_KEY_ENCRYPTION_SECRET',
  ])
})

it('refuses a short secret without repeating it', () => {
  const problems = problemsOf({ ...required, USERS_KEY_ENCRYPTION_SECRET: 'hunter2' })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^USERS_KEY_ENCRYPTION_SECRET: must have at least 32 characters/)
  expect(problems[0]).not.toContain('hunter2')
})

it('refuses access tokens that outlive refresh tokens', () => {
  const day = { ...required, REFRESH_TOKEN_DAYS: '1' }
  expect(problemsOf({ ...day, ACCESS_TOKEN_SECONDS: '86400' })[0]).toMatch(
    /^ACCESS_TOKEN_SECONDS: must be less than REFRESH_TOKEN_DAYS/,
  )
  expect(problemsOf({ ...day, ACCESS_TOKEN_SECONDS: '86399' })).toEqual([])
})

it('refuses a cost that argon2 cannot compute', () => {
  const cost = { ...required, ARGON2_PARALLELISM: '4', ARGON2_MEMORY_KIB: '16' }
  expect(problemsOf(cost)[0]).toMatch(/^ARGON2_MEMORY_KIB: must be at least 8 for each thread/)
})
