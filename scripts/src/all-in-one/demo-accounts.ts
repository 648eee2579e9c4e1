import type { Postgres } from '@cinegraph/engines/postgres/open'
import { parseConfig } from '@cinegraph/kit/config'
import { usersConfig, usersSettings } from '@cinegraph/users/config'
import { createAccounts } from '@cinegraph/users/subgraph'
import { type Env, type Secrets, secretsFile } from './secrets.js'

export interface DemoAccountsOptions {
  postgres: Postgres
  env: Env
  secrets: Secrets
  /** Where the secrets lie. */
  folder: string
}

const ROLES = { editor: ['user', 'editor'], viewer: ['user'] } as const

/** Makes accounts to try things with where there are none at all; their generated passwords lie in `secrets.json`. */
export async function ensureDemoAccounts(options: DemoAccountsOptions): Promise<string> {
  const { postgres, env, secrets, folder } = options
  const { passwordHash } = usersSettings(parseConfig(usersConfig, env))
  const accounts = createAccounts(postgres, passwordHash)
  if (await accounts.any()) return `already there; demo passwords: ${secretsFile(folder)}`
  const made: string[] = []
  for (const login of ['editor', 'viewer'] as const) {
    const password = secrets.demoPasswords[login]
    await accounts.ensure({ login, password, roles: ROLES[login] })
    made.push(`${login} / ${password}`)
  }
  return `made for a first look: ${made.join(', ')}`
}
