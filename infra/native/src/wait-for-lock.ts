import { setTimeout as delay } from 'node:timers/promises'
import { takeLock } from '@cinegraph/embedded/lock'

const POLL_MS = 100

/**
 * Runs `work` while no other process does so with the same folder; makes the folder. Waits its turn; the lock of a process
 * that is gone, even by `kill -9`, counts for nothing. `onWait` learns, once, which process is waited for.
 */
export async function withLock<T>(
  folder: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
): Promise<T> {
  let attempt = await takeLock(folder)
  if (attempt.holder) onWait(attempt.holder.pid)
  while (!attempt.lock) {
    // nothing tells us when a process that is not our child lets go
    await delay(POLL_MS)
    attempt = await takeLock(folder)
  }
  try {
    return await work()
  } finally {
    await attempt.lock.release()
  }
}
