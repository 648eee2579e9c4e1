import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@cinegraph/kit/config'
import { processStart } from './process-facts.js'
import { folderProblem } from './start-problems.js'

/** The process that runs on a data folder. */
export interface LockHolder {
  readonly pid: number
  /** When it started; tells it from a later process of the same number. */
  readonly start?: string
  /** Where it answers; absent while it is starting. */
  readonly url?: string
  /** Its database, for scripts that work beside it; absent while it is starting. */
  readonly databaseUrl?: string
}

export interface DataFolderLock {
  /** Records where this process answers, so that a second one can say so, and which database scripts may use. */
  announce(details: Pick<LockHolder, 'url' | 'databaseUrl'>): Promise<void>
  release(): Promise<void>
}

/**
 * Makes the folder when it is missing and takes it for this process. While another process holds it: a ConfigError that
 * says which, and where it answers. The lock of a process that is gone is taken over.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  const { lock, holder } = await takeLock(folder).catch((error: unknown) => {
    throw folderProblem(error, folder)
  })
  if (holder) throw alreadyRuns(folder, holder)
  return lock
}

/**
 * The same for whoever would rather wait than fail: says who holds the folder.
 *
 * The lock is a folder with one file, named once and never again. A folder can be moved onto one that is missing or
 * empty, and onto no other: that takes the lock. A stale lock is given up by removing its file, which can never be the
 * file that a faster process has put there since.
 */
export async function takeLock(
  folder: string,
): Promise<{ lock: DataFolderLock; holder?: never } | { lock?: never; holder: LockHolder }> {
  const name = `${randomUUID()}.json`
  const file = path.join(lockFolder(folder), name)
  const start = await processStart(process.pid)
  const self: LockHolder = { pid: process.pid, ...(start === undefined ? {} : { start }) }
  await mkdir(folder, { recursive: true, mode: 0o755 })
  while (!(await take(folder, name, self))) {
    const holder = await findLockHolder(folder)
    if (holder) return { holder }
  }
  const lock: DataFolderLock = {
    async announce(details) {
      const draft = draftPath(folder)
      await writeHolder(draft, { ...self, ...details })
      await rename(draft, file)
    },
    async release() {
      await rm(file, { force: true })
      await rmdir(lockFolder(folder)).catch(unless('ENOENT', 'ENOTEMPTY'))
    },
  }
  return { lock }
}

/** Who holds the folder now; undefined when nobody does. What a process that is gone has left is removed. */
export async function findLockHolder(folder: string): Promise<LockHolder | undefined> {
  for (const name of (await readdir(lockFolder(folder)).catch(unless('ENOENT', 'ENOTDIR'))) ?? []) {
    const file = path.join(lockFolder(folder), name)
    const holder = parse((await readFile(file, 'utf8').catch(unless('ENOENT'))) ?? '')
    if (holder && (await isAlive(holder))) return holder
    await rm(file, { force: true })
  }
  return undefined
}

const isAlive = async ({ pid, start }: LockHolder): Promise<boolean> =>
  start !== undefined && (await processStart(pid)) === start

const lockFolder = (folder: string): string => path.join(folder, 'lock')

const draftPath = (folder: string): string => path.join(folder, `lock.${randomUUID()}`)

function alreadyRuns(folder: string, { pid, url }: LockHolder): ConfigError {
  const where = url === undefined ? 'it is still starting' : `it answers at ${url}`
  return new ConfigError([
    `CINEGRAPH_DATA: Cinegraph already runs on ${path.resolve(folder)}: ${where} (process ${pid})`,
  ])
}

function parse(content: string): LockHolder | undefined {
  try {
    const value = JSON.parse(content) as Partial<LockHolder> | null
    return typeof value?.pid === 'number' ? (value as LockHolder) : undefined
  } catch {
    // not a lock of ours: stale
    return undefined
  }
}

/** False when there is a lock already. */
async function take(folder: string, name: string, holder: LockHolder): Promise<boolean> {
  const draft = draftPath(folder)
  await mkdir(draft)
  try {
    await writeHolder(path.join(draft, name), holder)
    await rename(draft, lockFolder(folder))
    return true
  } catch (error) {
    await rm(draft, { recursive: true })
    unless('ENOTEMPTY', 'EEXIST')(error)
    return false
  }
}

const writeHolder = (file: string, holder: LockHolder): Promise<void> =>
  writeFile(file, JSON.stringify(holder), { mode: 0o600 })

const unless =
  (...codes: string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
