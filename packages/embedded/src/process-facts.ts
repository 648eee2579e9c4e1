import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** When a process started, as the system words it; undefined when it has ended. With its number this tells it from a later one. */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    // the name in parentheses may hold blanks; what follows it are fields 3 (state) and on, the start is field 22
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    // a zombie has ended, but its parent has not asked yet
    return fields?.[0] === 'Z' ? undefined : fields?.[19]
  }
  return ps(pid, 'lstart=')
}

/** The command line of a process, empty when there is none. */
export async function processCommand(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  }
  return (await ps(pid, 'command=')) ?? ''
}

const ps = (pid: number, column: string): Promise<string | undefined> =>
  run('ps', ['-p', String(pid), '-o', column]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
