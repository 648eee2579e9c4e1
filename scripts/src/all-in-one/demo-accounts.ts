import type { Postgres } from '@cinegraph/engines/postgres/open'
import { parseConfig } from '@cinegraph/kit/config'
import { usersConfig, usersSettings } from '@cinegraph/users/config'
import { createAccounts } from '@cinegraph/users/subgraph'
import type { Env, Secrets } from './secrets.js'

export interface DemoAccountsOptions {
  postgres: Postgres
  env: Env
  secrets: Secrets
}

const ROLES = { editor: ['user', 'editor'], viewer: ['user'] } as const

/** Accounts to try things with; made once, their passwords are generated and lie in `.cinegraph/secrets.json`. */
export async function ensureDemoAccounts(options: DemoAccountsOptions): Promise<string> {
  const { postgres, env, secrets } = options
  const { passwordHash } = usersSettings(parseConfig(usersConfig, env))
  const accounts = createAccounts(postgres, passwordHash)
  const lines: string[] = []
  for (const login of ['editor', 'viewer'] as const) {
    const password = secrets.demoPasswords[login]
    await accounts.ensure({ login, password, roles: ROLES[login] })
    lines.push(`${login} / ${password}`)
  }
  return lines.join(', ')
}
