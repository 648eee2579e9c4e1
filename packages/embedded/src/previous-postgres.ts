import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@cinegraph/kit/logger'
import { processCommand } from './process-facts.js'
import { unusableData } from './start-problems.js'

const POLL_MS = 20
const PATIENCE_MS = 30_000

/**
 * After `kill -9` of ours the Postgres that we left is still writing its last checkpoint: waits for it. A file that names
 * a process which is no Postgres of this folder (the machine crashed, the number is in use again) is removed.
 */
export async function waitForPrevious(dataDir: string, log: Logger): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid')
  const content = await readFile(file, 'utf8').catch(() => '')
  const pid = Number.parseInt(content, 10)
  if (!(pid > 0)) return
  if (!(await isPostgresOf(dataDir, pid))) {
    await rm(file, { force: true })
    return
  }
  log.info({ pid }, 'waiting for the previous embedded postgres to end')
  const deadline = AbortSignal.timeout(PATIENCE_MS)
  // a process that is not our child can only be asked again and again
  while (await isPostgresOf(dataDir, pid)) {
    if (deadline.aborted) throw unusableData(dataDir, `process ${pid} is still using it`)
    await delay(POLL_MS)
  }
}

const isPostgresOf = async (dataDir: string, pid: number): Promise<boolean> =>
  (await processCommand(pid)).includes(dataDir)
