import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@cinegraph/kit/config'

/** `nobody`: Postgres refuses to run as root, and needs no account of its own. */
const NOBODY = { uid: 65534, gid: 65534 }
const SHELTER = '/var/tmp/cinegraph-0'

/** Whom a child server runs as: `nobody` when we are root, otherwise ourselves. */
export const childUser = (): typeof NOBODY | undefined =>
  process.getuid?.() === 0 ? NOBODY : undefined

/**
 * The folder in which data of `folder` really lies: the folder itself, or, when we are root and `nobody` cannot enter it,
 * one in /var/tmp that is always the same for it. Makes the folder around it.
 */
export async function dataFolderFor(folder: string): Promise<string> {
  const absolute = path.resolve(folder)
  const parent = path.dirname(absolute)
  await mkdir(parent, { recursive: true })
  if (!childUser() || (await isReachableByAll(parent))) return absolute
  const hash = createHash('sha256').update(absolute).digest('hex').slice(0, 16)
  const sheltered = path.join(await rootShelter(), hash)
  await makePassable(sheltered)
  return path.join(sheltered, path.basename(absolute))
}

/** Whether every user may enter `folder`. */
export async function isReachableByAll(folder: string): Promise<boolean> {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    if (!((await stat(current)).mode & 0o001)) return false
    if (current === path.dirname(current)) return true
  }
}

/** A folder of root's that everyone can enter. /var/tmp belongs to all, so one made by somebody else is refused. */
export async function rootShelter(): Promise<string> {
  await makePassable(SHELTER)
  return SHELTER
}

async function makePassable(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== 0 || found.mode & 0o022) {
    throw new ConfigError([
      `DATABASE_URL: is required, or remove ${folder}, which another user made: the embedded Postgres of root would keep its files there`,
    ])
  }
  // whatever our umask
  await chmod(folder, 0o755)
}

/** Lets every user read a folder and run its programs, whatever the umask was when it was written. */
export async function letAllRead(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const file = path.join(entry.parentPath, entry.name)
    const { mode } = await stat(file)
    await chmod(file, mode | (mode & 0o100 ? 0o055 : 0o044))
  }
}
