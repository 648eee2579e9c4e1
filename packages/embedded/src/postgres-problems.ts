import { ConfigError } from '@cinegraph/kit/config'

/** What Postgres or initdb wrote before it gave up. */
export interface FailedStart {
  dataDir: string
  /** The port that was asked for; undefined when a free one was taken. */
  port: number | undefined
  lines: readonly string[]
}

/**
 * Says in words why the embedded Postgres did not start. Text is all that another program gives us; LC_ALL=C fixes its
 * wording, which is that of strerror(3).
 */
export function startProblem({ dataDir, port, lines }: FailedStart): ConfigError {
  const wrote = (text: string) => lines.some((line) => line.includes(text))
  if (wrote('Address already in use') && port !== undefined) return busyPort(port)
  if (wrote('No space left on device') || wrote('Disk quota exceeded')) {
    return new ConfigError([`CINEGRAPH_DATA: the disk that holds ${dataDir} is full`])
  }
  if (wrote('Permission denied')) {
    return new ConfigError([
      `CINEGRAPH_DATA: the embedded Postgres may not use ${dataDir}: ${lastWords(lines)}`,
    ])
  }
  return unusableData(dataDir, lastWords(lines))
}

export const busyPort = (port: number) =>
  new ConfigError([
    `CINEGRAPH_POSTGRES_PORT: port ${port} on 127.0.0.1 is taken by another process`,
  ])

export const unusableData = (dataDir: string, reason: string) =>
  new ConfigError([
    `CINEGRAPH_DATA: the embedded Postgres cannot use ${dataDir}: ${reason}. If the data is worthless, \`npm run reset\` deletes it`,
  ])

/** The most telling line: the last that reports a failure, otherwise the last. */
function lastWords(lines: readonly string[]): string {
  const failure = lines.findLast((line) => /\b(PANIC|FATAL|error):/.test(line))
  return (failure ?? lines.at(-1) ?? 'it ended without a word').trim()
}
