import { randomBytes, randomUUID } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { folderProblem, startProblem } from './start-problems.js'
import { superviseChild } from './supervisor.js'
import { childUser } from './unprivileged.js'

export const USER = 'cinegraph'

/** Messages in English, nothing of ours: PGDATA and its like would change what the programs do. */
export const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' }

export interface DataFolder {
  dataDir: string
  /** Path of the program. */
  initdb: string
  /** Of a folder that has yet to be made; one is drawn when it is not given. */
  password?: string
  /** What initdb is told that the embedded one is not: its version may be another. */
  options?: readonly string[]
  /** Added to its environment. */
  env?: Readonly<Record<string, string>>
}

/** Collation by code points, letters of all languages have case, and a quick end. */
const OPTIONS = [
  ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ...['--sync-method', process.platform === 'linux' ? 'syncfs' : 'fsync'],
]

/** Makes the data folder on first use. Returns the password. */
export async function prepareData(folder: DataFolder): Promise<string> {
  const { dataDir } = folder
  try {
    const file = `${dataDir}.password`
    if (await isThere(dataDir)) return await readFile(file, 'utf8')
    const password = folder.password ?? randomBytes(24).toString('base64url')
    await writePassword(file, password)
    await initialise(folder)
    return password
  } catch (error) {
    throw folderProblem(error, dataDir)
  }
}

async function writePassword(file: string, password: string): Promise<void> {
  await writeFile(file, password, { mode: 0o600 })
  const user = childUser()
  if (user) await chown(file, user.uid, user.gid)
}

/** initdb into a folder beside the final one: a first start that was cut short leaves nothing half made. */
async function initialise({ dataDir, initdb, options, env }: DataFolder): Promise<void> {
  await removeUnfinished(dataDir)
  // a name of its own: an initdb that was just cut short may still be clearing up behind itself
  const fresh = `${dataDir}.${randomUUID()}${UNFINISHED}`
  await mkdir(fresh, { mode: 0o700 })
  const user = childUser()
  if (user) await chown(fresh, user.uid, user.gid)
  const lines: string[] = []
  const child = superviseChild({
    command: initdb,
    args: [
      ...['--pgdata', fresh, '--username', USER, '--pwfile', `${dataDir}.password`],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-instructions'],
      ...(options ?? OPTIONS),
    ],
    env: { ...ENVIRONMENT, ...env },
    ...(user ? { user } : {}),
    stopSignal: 'INT',
    onLine: (line) => lines.push(line),
  })
  const code = await child.ended
  if (code !== 0) {
    await rm(fresh, { recursive: true, force: true })
    throw startProblem({ dataDir, port: undefined, code, lines })
  }
  await rename(fresh, dataDir)
}

const UNFINISHED = '.unfinished'

async function removeUnfinished(dataDir: string): Promise<void> {
  const parent = path.dirname(dataDir)
  const mine = (name: string) =>
    name.startsWith(`${path.basename(dataDir)}.`) && name.endsWith(UNFINISHED)
  for (const name of (await readdir(parent)).filter(mine)) {
    await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 10 })
  }
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    },
  )
