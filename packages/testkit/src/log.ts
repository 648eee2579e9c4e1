import { createLogger, type Logger } from '@cinegraph/kit/logger'

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [attribute: string]: unknown
}

/** A logger that writes into `lines`, every level, as the real one would on stdout. */
export function memoryLog(): { readonly log: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) }
  return { log: createLogger({ name: 'test', level: 'trace' }, destination), lines }
}
