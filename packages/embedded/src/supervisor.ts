import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { aborted } from '@cinegraph/kit/lifecycle'

/**
 * The shell waits for the program. A reader on stdin gets end-of-file when our process ends in any way, `kill -9` included,
 * and then asks the program to stop; it goes away with the program, whose number may by then be another's.
 */
const SUPERVISE = `
signal=$1
shift
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -s "$signal" $program; } >/dev/null 2>&1 &
reader=$!
wait $program
status=$?
kill $reader 2>/dev/null
exit $status`

export interface SupervisedOptions {
  command: string
  args: readonly string[]
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>
  /** Run as this user; only root can. */
  user?: { uid: number; gid: number }
  /** Asks the program to finish what it does and end, e.g. `INT`. */
  stopSignal: 'INT' | 'TERM'
  /** Called with each line that the program writes to stdout or stderr. */
  onLine: (line: string) => void
}

export interface SupervisedChild {
  /** Exit code, null after a signal. Resolves when all output was read; rejects when the program could not be run. */
  readonly ended: Promise<number | null>
  /** Asks the program to end and waits for it; kills it when `deadline` aborts, but not before it had a second to end. */
  stop(deadline: AbortSignal): Promise<void>
}

// others may have used up the deadline, and a database that is killed has to recover at its next start
const LEAST_MS = 1_000

/** Runs a program in a process group of its own that never outlives ours. POSIX only. */
export function superviseChild(options: SupervisedOptions): SupervisedChild {
  const { command, args, env, user, stopSignal, onLine } = options
  const child = spawn('/bin/sh', ['-c', SUPERVISE, 'sh', stopSignal, command, ...args], {
    // any other folder might be one that `user` cannot enter
    cwd: '/',
    env,
    ...user,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', onLine)
  }
  // the pipe breaks when the shell dies first; that is seen as its end
  child.stdin.on('error', () => {})
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
    // when the shell alone was killed, its reader still holds the other end and ends the program
    child.once('exit', () => child.stdin.end())
  })
  return {
    ended,
    async stop(deadline) {
      child.stdin.end()
      const least = sleep(LEAST_MS, undefined, { ref: false })
      const late = Promise.all([aborted(deadline), least]).then(() => true)
      if (await Promise.race([ended.then(() => false), late])) killGroup(child)
      await ended
    },
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
