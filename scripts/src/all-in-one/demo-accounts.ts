import type { Postgres } from '@cinegraph/engines/postgres/open'
import { parseConfig } from '@cinegraph/kit/config'
import {
  passwordHasherEnv,
  passwordHasherOptions,
} from '@cinegraph/users/accounts/password-hasher.env'
import { createAccounts } from '@cinegraph/users/subgraph'
import { z } from 'zod'
import { type Env, type Secrets, secretsFile } from './secrets.js'

export interface DemoAccountsOptions {
  postgres: Postgres
  env: Env
  secrets: Pick<Secrets, 'demoPasswords'>
  /** Where the secrets lie. */
  folder: string
}

const ROLES = { admin: ['user', 'admin'], editor: ['user', 'editor'], viewer: ['user'] } as const
const LOGINS = ['admin', 'editor', 'viewer'] as const satisfies (keyof typeof ROLES)[]

/**
 * Makes accounts to try things with, until there are others; their generated passwords lie in `secrets.json`. What a start
 * that was cut short did not make, the next one makes.
 */
export async function ensureDemoAccounts(options: DemoAccountsOptions): Promise<string> {
  const { postgres, env, secrets, folder } = options
  const hashing = passwordHasherOptions(parseConfig(z.object(passwordHasherEnv), env))
  const accounts = createAccounts(postgres, hashing)
  const there = await accounts.someLogins(LOGINS.length + 1)
  const isDemo = there.every((login) => LOGINS.some((it) => it === login))
  const missing = isDemo ? LOGINS.filter((login) => !there.includes(login)) : []
  if (missing.length === 0) return `already there; demo passwords: ${secretsFile(folder)}`
  for (const login of missing) {
    await accounts.ensure({ login, password: secrets.demoPasswords[login], roles: ROLES[login] })
  }
  const made = missing.map((login) => `${login} / ${secrets.demoPasswords[login]}`)
  return `made for a first look: ${made.join(', ')}`
}
