import { createInterface } from 'node:readline/promises'
import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { AppError, type ArgumentProblem, assertNever } from '@cinegraph/kit/errors'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { login as loginRules } from '@cinegraph/users/accounts/account.rules'
import type { Account } from '@cinegraph/users/accounts/account.repository'
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
import { databaseEnv, withUsers } from './database.js'

const USAGE = `Usage:
  npm run create-superuser -- LOGIN              makes an account with the role admin, or gives it to one after a question
  npm run create-superuser -- --existing LOGIN   gives it to one without a question: whoever registered it

The password of a new account is asked on the terminal, or comes from SUPERUSER_PASSWORD. An existing account keeps its own;
when SUPERUSER_PASSWORD is another one, nothing is changed.`

const config = z.object({
  ...databaseEnv,
  ...passwordHasherEnv,
  SUPERUSER_PASSWORD: z.string().optional(),
})

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const existing = args[0] === '--existing'
  const [given, ...rest] = existing ? args.slice(1) : args
  if (given === undefined || given.startsWith('-') || rest.length > 0) {
    console.error(USAGE)
    return 2
  }
  const settings = parseConfig(config, process.env)
  try {
    const login = validate(loginRules, given, 'LOGIN')
    return await withUsers(settings, 'create-superuser', (postgres) => {
      const accounts = createAccounts(postgres, passwordHasherOptions(settings))
      return ensureSuperuser(accounts, { login, existing, given: settings.SUPERUSER_PASSWORD })
    })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { problems } = error.details
    console.error(problems ? problems.map(inWords).join('\n') : error.message)
    return 1
  }
}

const inWords = ({ argument, message }: ArgumentProblem) => `${argument.at(-1)}: ${message}`

interface Wanted {
  readonly login: string
  /** Whether it may be an account that is there, without a question. */
  readonly existing: boolean
  readonly given: string | undefined
}

async function ensureSuperuser(accounts: AccountSetupService, wanted: Wanted): Promise<number> {
  const { login, given } = wanted
  const account = await accounts.find(login)
  if (account) return promote(accounts, account, wanted)
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
      return ensureSuperuser(accounts, wanted)
    default:
      return assertNever(outcome)
  }
}

/** Anybody may have registered the login first. */
async function promote(
  accounts: AccountSetupService,
  account: Account,
  { existing, given }: Wanted,
): Promise<number> {
  if (given !== undefined && !(await accounts.hasPassword(account, given))) {
    console.error(
      `${described(account)}\nSUPERUSER_PASSWORD is not its password. Nothing was changed.`,
    )
    return 1
  }
  const isAdmin = account.roles.includes('admin')
  if (!isAdmin && !existing && !(await confirm(account))) return 1
  await accounts.grant(account, ['admin'])
  const now = isAdmin ? 'had the role admin already' : 'has the role admin now'
  console.log(`${account.login} ${now}; the password stays as it was.`)
  if (account.blockedAt) console.log(`The account is blocked: ${account.blockedReason ?? ''}`)
  return 0
}

const described = ({ login, id, createdAt, email, emailVerified }: Account) =>
  `There is an account ${login} already: ${id}, made ${createdAt.toISOString()}, ` +
  (email === null ? 'without an address.' : `${email} (${emailVerified ? '' : 'not '}confirmed).`)

async function confirm(account: Account): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error(
      `${described(account)}\nSay --existing where nobody can be asked whether it is the right one.`,
    )
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`${described(account)}\nMake it an administrator? [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
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
