import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

const REDACTED = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie']

/** JSON lines on stdout. Attributes first, constant message second: `log.info({ filmId }, 'film indexed')`. */
export function createLogger(
  options: { name: string; level?: string },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { name: options.name },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    },
    // with a least length of 0 `flush` would call back before a write under way has ended
    destination ?? pino.destination({ dest: 1, sync: false, minLength: 1 }),
  )
}
