import { openPostgres } from '@cinegraph/engines/postgres/open'
import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { AppError, type ArgumentProblem, assertNever } from '@cinegraph/kit/errors'
import { failProcess, startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { login as loginRules } from '@cinegraph/users/accounts/account.rules'
import type { AccountSetupService } from '@cinegraph/users/accounts/account-setup.service'
import {
  passwordHasherEnv,
  passwordHasherOptions,
} from '@cinegraph/users/accounts/password-hasher.env'
import { WEAKNESSES } from '@cinegraph/users/accounts/password-policy'
import { createAccounts } from '@cinegraph/users/subgraph'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { askPassword } from './ask-password.js'
import { databaseEnv, withDatabase } from './database.js'

const USAGE = `Usage:
  npm run create-superuser -- LOGIN   gives the account the role admin, and makes it when there is none

The password of a new account is asked on the terminal, or comes from SUPERUSER_PASSWORD.`

const config = z.object({
  ...databaseEnv,
  ...passwordHasherEnv,
  SUPERUSER_PASSWORD: z.string().optional(),
})
type Config = z.output<typeof config>

/** Returns the exit code. */
async function main([given, ...rest]: readonly string[]): Promise<number> {
  if (given === undefined || given.startsWith('-') || rest.length > 0) {
    console.error(USAGE)
    return 2
  }
  const settings = parseConfig(config, process.env)
  try {
    const login = validate(loginRules, given, 'LOGIN')
    return await withAccounts(settings, (accounts) =>
      ensureSuperuser(accounts, login, settings.SUPERUSER_PASSWORD),
    )
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { problems } = error.details
    console.error(problems ? problems.map(inWords).join('\n') : error.message)
    return 1
  }
}

const inWords = ({ argument, message }: ArgumentProblem) => `${argument.at(-1)}: ${message}`

async function withAccounts<T>(
  settings: Config,
  use: (accounts: AccountSetupService) => Promise<T>,
): Promise<T> {
  return withDatabase(settings, async (url) => {
    const log = createLogger({ name: 'create-superuser', level: 'error' })
    const postgres = openPostgres({ url, owner: 'users', log })
    await startAll([postgres])
    try {
      return await use(createAccounts(postgres, passwordHasherOptions(settings)))
    } finally {
      await stopAll([postgres], AbortSignal.timeout(10_000))
    }
  })
}

async function ensureSuperuser(
  accounts: AccountSetupService,
  login: string,
  given: string | undefined,
): Promise<number> {
  const granted = await accounts.grant(login, ['admin'])
  if (granted) {
    const { account, added } = granted
    const now = added > 0 ? 'has the role admin now' : 'had the role admin already'
    console.log(`${account.login} ${now}; the password stays as it was.`)
    if (account.blockedAt) console.log(`The account is blocked: ${account.blockedReason ?? ''}`)
    return 0
  }
  const password = given ?? (await askForPassword(login))
  if (password === undefined) {
    console.error('Nothing was changed.')
    return 1
  }
  const outcome = await accounts.create({ login, password, roles: ['user', 'admin'] })
  switch (outcome.kind) {
    case 'created':
      console.log(`Made the account ${login} with the roles user and admin.`)
      return 0
    case 'weak-password':
      console.error(`Choose another password. ${WEAKNESSES[outcome.weakness]}`)
      return 1
    case 'login-taken':
      // somebody made it while we asked
      return ensureSuperuser(accounts, login, given)
    default:
      return assertNever(outcome)
  }
}

function askForPassword(login: string): Promise<string | undefined> {
  if (process.stdin.isTTY) return askPassword(login)
  throw new ConfigError(['SUPERUSER_PASSWORD: is required where nobody can be asked'])
}

process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) =>
    failProcess('create-superuser', error),
  ),
)
