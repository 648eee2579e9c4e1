import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { lockDataFolder } from '@cinegraph/embedded/lock'
import { dataFolderFor } from '@cinegraph/embedded/unprivileged'
import { parseConfig } from '@cinegraph/kit/config'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { z } from 'zod'
import { databaseEnv } from './database.js'

/** What Cinegraph keeps in its data folder. Somebody may have pointed CINEGRAPH_DATA at a folder with more in it. */
// of `npm run servers`, which ends and deletes them
const REAL_SERVERS = 'servers'
const OURS = /^(postgres(\..+)?|mail|lock(\..+)?|secrets\.json(\..+)?)$/

/** Deletes all embedded data and secrets of this checkout. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { CINEGRAPH_DATA: folder } = parseConfig(z.object(databaseEnv), process.env)
  if (!(await exists(folder))) {
    console.log(`There is no ${folder}.`)
    return 0
  }
  const lock = await lockDataFolder(folder)
  try {
    if (!args.includes('--yes') && !(await confirm(folder))) return 1
    // when root's Postgres could not enter the folder, its data lies elsewhere
    const postgres = await dataFolderFor(path.join(folder, 'postgres'))
    await rm(postgres, { recursive: true, force: true })
    await rm(`${postgres}.password`, { force: true })
    const left = await removeOurs(folder)
    const foreign = left.filter((name) => name !== REAL_SERVERS)
    if (left.includes(REAL_SERVERS)) {
      console.log('Real servers keep theirs: `npm run servers -- down --delete`.')
    }
    console.log(
      foreign.length === 0
        ? `Deleted ${folder}.`
        : `Deleted the data in ${folder}, left what Cinegraph did not make: ${foreign.join(', ')}.`,
    )
    return 0
  } finally {
    await lock.release()
  }
}

/** Returns the names of what is not ours; without any, the folder goes too. */
async function removeOurs(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  const foreign = names.filter((name) => !OURS.test(name))
  if (foreign.length === 0) {
    await rm(folder, { recursive: true })
  } else {
    for (const name of names.filter((it) => OURS.test(it))) {
      await rm(path.join(folder, name), { recursive: true })
    }
  }
  return foreign
}

async function confirm(folder: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error(`Would delete ${folder}; say --yes where nobody can be asked.`)
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`Delete all of Cinegraph's data in ${folder}? [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

const exists = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  )

process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => failProcess('reset', error)),
)
