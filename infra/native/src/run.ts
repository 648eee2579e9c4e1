import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { childUser } from '@cinegraph/embedded/unprivileged'

const execute = promisify(execFile)
const MOST_OUTPUT = 16 * 1024 * 1024

export interface RunOptions {
  cwd?: string
  /** What it reads from stdin. */
  input?: string
  /** As the user that servers run as, with nothing of our environment. */
  unprivileged?: boolean
}

/** Runs a program to its end and returns what it printed. One that fails is an error with its last words. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, input = '', unprivileged = false }: RunOptions = {},
): Promise<string> {
  const running = execute(command, args, {
    maxBuffer: MOST_OUTPUT,
    ...(cwd === undefined ? {} : { cwd }),
    ...(unprivileged ? { env: {}, cwd: cwd ?? '/', ...childUser() } : {}),
  })
  // one that never asks for its input may have ended before
  running.child.stdin?.on('error', () => {})
  running.child.stdin?.end(input)
  try {
    const { stdout, stderr } = await running
    return stdout + stderr
  } catch (error) {
    throw new Error(`${command} failed: ${lastWords(error)}`, { cause: error })
  }
}

export const succeeds = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  )

const KEPT_LINES = 12

function lastWords(error: unknown): string {
  const {
    stdout = '',
    stderr = '',
    message,
  } = error as Error & { stdout?: string; stderr?: string }
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  return lines.length === 0 ? message : `\n${lines.slice(-KEPT_LINES).join('\n')}`
}
