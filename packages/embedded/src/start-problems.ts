import { ConfigError } from '@cinegraph/kit/config'

/** What Postgres or initdb wrote before it gave up. */
export interface FailedStart {
  dataDir: string
  /** The port that was asked for; undefined when a free one was taken. */
  port: number | undefined
  /** Exit code, null after a signal. */
  code: number | null
  lines: readonly string[]
}

/** Exit codes of a shell that could not run a program: for another libc, say, or on a disk mounted without exec. */
const CANNOT_RUN = new Set<number | null>([126, 127])

/**
 * Says in words why the embedded Postgres did not start. Text is all that another program gives us; LC_ALL=C fixes its
 * wording, which is that of strerror(3).
 */
export function startProblem({ dataDir, port, code, lines }: FailedStart): ConfigError {
  const wrote = (text: string) => lines.some((line) => line.includes(text))
  if (CANNOT_RUN.has(code)) {
    return new ConfigError([
      `DATABASE_URL: is required, the embedded Postgres does not run on this system: ${lastWords(lines)}`,
    ])
  }
  if (port !== undefined && wrote('could not bind')) {
    return wrote('Permission denied') ? forbiddenPort(port) : busyPort(port)
  }
  if (wrote('No space left on device') || wrote('Disk quota exceeded')) {
    return fullDisk(dataDir)
  }
  if (wrote('Permission denied')) {
    return new ConfigError([
      `CINEGRAPH_DATA: the embedded Postgres may not use ${dataDir}: ${lastWords(lines)}`,
    ])
  }
  return unusableData(dataDir, lastWords(lines))
}

/** Says in words why `port` cannot be listened on; any other error comes back as it is. */
export function portProblem(error: Error, port: number | undefined): Error {
  const { code } = error as NodeJS.ErrnoException
  if (port === undefined) return error
  if (code === 'EADDRINUSE') return busyPort(port)
  return code === 'EACCES' ? forbiddenPort(port) : error
}

const busyPort = (port: number) =>
  new ConfigError([
    `CINEGRAPH_POSTGRES_PORT: port ${port} on 127.0.0.1 is taken by another process`,
  ])

const forbiddenPort = (port: number) =>
  new ConfigError([`CINEGRAPH_POSTGRES_PORT: the embedded Postgres may not listen on port ${port}`])

export const unusableData = (dataDir: string, reason: string) =>
  new ConfigError([
    `CINEGRAPH_DATA: the embedded Postgres cannot use ${dataDir}: ${reason}. If the data is worthless, \`npm run reset\` deletes it`,
  ])

/** The most telling line: the last that reports a failure, otherwise the last. */
function lastWords(lines: readonly string[]): string {
  const failure = lines.findLast((line) => /\b(PANIC|FATAL|error):/.test(line))
  return (failure ?? lines.at(-1) ?? 'it ended without a word').trim()
}

/** Says in words why a folder of data cannot be used; any other error comes back as it is. */
export function folderProblem(error: unknown, folder: string): unknown {
  const { code, path = folder } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fullDisk(folder)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return new ConfigError([
        `CINEGRAPH_DATA: cannot use the folder ${folder} (${code} at ${path})`,
      ])
    case 'ENOENT':
      return unusableData(folder, `${path} is missing`)
    default:
      return error
  }
}

const fullDisk = (folder: string) =>
  new ConfigError([`CINEGRAPH_DATA: the disk that holds ${folder} is full`])
