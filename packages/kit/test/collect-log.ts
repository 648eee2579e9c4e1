import { Writable } from 'node:stream'
import { createLogger, type Logger } from '@cinegraph/kit/logger'

/** A logger whose lines can be read back, as the objects they are. */
export function collectLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const destination = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>)
      done()
    },
  })
  return { log: createLogger({ name: 'test', level: 'trace' }, destination), lines }
}
