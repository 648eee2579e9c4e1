import { parseArgs } from 'node:util'
import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { systemClock } from '@cinegraph/kit/clock'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { usersConfig } from '@cinegraph/users/config'
import { createKeyEncryption } from '@cinegraph/users/keys/key-encryption'
import { KeyRotation, type KeySummary } from '@cinegraph/users/keys/key-rotation'
import { SigningKeyRepository } from '@cinegraph/users/keys/signing-key.repository'
import { z } from 'zod'
import { completeEnv, loadSecrets } from './all-in-one/secrets.js'
import { databaseEnv, withUsers } from './database.js'

const USAGE = `Usage:
  npm run keys -- list                   the keys of access tokens
  npm run keys -- rotate                 a new key signs in a few minutes; the others retire after their last tokens
  npm run keys -- rotate --compromised   a new key signs at once; all tokens of the others are refused
  npm run keys -- reencrypt              encrypts them under USERS_KEY_ENCRYPTION_SECRET instead of USERS_KEY_ENCRYPTION_SECRET_OLD`

const { USERS_KEY_ENCRYPTION_SECRET, ACCESS_TOKEN_SECONDS } = usersConfig.shape
const keysConfig = z.object({ USERS_KEY_ENCRYPTION_SECRET, ACCESS_TOKEN_SECONDS })

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { compromised: { type: 'boolean', default: false } },
  })
  const command = [...positionals, ...(values.compromised ? ['--compromised'] : [])].join(' ')
  switch (command) {
    case 'list':
      return withKeys(list)
    case 'rotate':
      return withKeys(rotate)
    case 'rotate --compromised':
      return withKeys(replaceAll)
    case 'reencrypt':
      return withKeys(reencrypt)
    default:
      console.error(USAGE)
      return 2
  }
}

/** Runs `use` on the database that the environment names, beside a Cinegraph that runs on it too. */
async function withKeys(use: (keys: KeyRotation) => Promise<number>): Promise<number> {
  const settings = parseConfig(z.object(databaseEnv), process.env)
  const given = process.env['USERS_KEY_ENCRYPTION_SECRET']?.trim()
  const env = given
    ? process.env
    : completeEnv(process.env, await loadSecrets(settings.CINEGRAPH_DATA))
  const config = parseConfig(keysConfig, env)
  return withUsers(settings, 'keys', ({ prisma }) =>
    use(
      new KeyRotation({
        repository: new SigningKeyRepository(prisma),
        encryption: createKeyEncryption(config.USERS_KEY_ENCRYPTION_SECRET),
        lifeSeconds: config.ACCESS_TOKEN_SECONDS,
        now: systemClock,
      }),
    ),
  )
}

async function list(keys: KeyRotation): Promise<number> {
  const rows = (await keys.list()).map((key) => [
    key.id,
    minute(key.createdAt),
    minute(key.signsFrom),
    key.retiresAt ? minute(key.retiresAt) : '-',
    STATES[key.state],
  ])
  const table = [['key', 'made', 'signs from', 'retires', 'state'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  for (const row of table) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
  }
  return 0
}

const STATES: Readonly<Record<KeySummary['state'], string>> = {
  signs: 'signs new tokens',
  published: 'known to gateways, does not sign yet',
  verifies: 'its last tokens are still accepted',
  retired: 'retired',
}

async function rotate(keys: KeyRotation): Promise<number> {
  const outcome = await keys.rotate()
  const { id, signsFrom } = outcome.key
  if (outcome.kind === 'under-way') {
    console.error(`A rotation is under way: ${id} signs from ${minute(signsFrom)} on.`)
    return 1
  }
  console.log(`${id} signs from ${minute(signsFrom)} on.`)
  for (const before of outcome.followed) {
    console.log(`${before} retires at ${minute(outcome.retiresAt)}.`)
  }
  return 0
}

async function replaceAll(keys: KeyRotation): Promise<number> {
  const { key, revoked } = await keys.replaceAll()
  console.log(`${key.id} signs from now on.`)
  for (const id of revoked) console.log(`${id} is deleted, its tokens are refused.`)
  return 0
}

async function reencrypt(keys: KeyRotation): Promise<number> {
  const old = process.env['USERS_KEY_ENCRYPTION_SECRET_OLD']
  if (!old) {
    throw new ConfigError([
      'USERS_KEY_ENCRYPTION_SECRET_OLD: is required (the secret that the keys are encrypted under)',
    ])
  }
  const count = await keys.reencrypt(createKeyEncryption(old))
  console.log(`Encrypted ${count} keys anew. Restart users with the new secret.`)
  return 0
}

const minute = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`

process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => failProcess('keys', error)),
)
