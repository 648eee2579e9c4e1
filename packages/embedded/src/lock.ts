import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
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
  const file = lockFile(folder)
  const start = await processStart(process.pid)
  const self: LockHolder = { pid: process.pid, ...(start === undefined ? {} : { start }) }
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    while (!(await take(file, self))) {
      const holder = await findLockHolder(folder)
      if (holder) throw alreadyRuns(folder, holder)
      await removeStale(file)
    }
  } catch (error) {
    throw folderProblem(error, folder)
  }
  return {
    announce: (details) => replace(file, { ...self, ...details }),
    release: () => rm(file, { force: true }),
  }
}

/** Who holds the folder now; undefined when nobody does. */
export async function findLockHolder(folder: string): Promise<LockHolder | undefined> {
  const holder = parse(await readFile(lockFile(folder), 'utf8').catch(() => ''))
  return holder && (await isAlive(holder)) ? holder : undefined
}

const isAlive = async ({ pid, start }: LockHolder): Promise<boolean> =>
  start !== undefined && (await processStart(pid)) === start

const lockFile = (folder: string): string => path.join(folder, 'lock.json')

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

/** A hard link appears whole or not at all, so nobody reads half a lock. False when there is one already. */
async function take(file: string, holder: LockHolder): Promise<boolean> {
  const draft = await writeDraft(file, holder)
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft)
  }
}

async function replace(file: string, holder: LockHolder): Promise<void> {
  await rename(await writeDraft(file, holder), file)
}

async function writeDraft(file: string, holder: LockHolder): Promise<string> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
  return draft
}

/** Two processes may find the same stale lock; the slower one must not remove what the faster one has put there since. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = parse(await readFile(aside, 'utf8'))
  if (moved && (await isAlive(moved))) await link(aside, file)
  await rm(aside)
}
