import { eventLogEnv } from '@cinegraph/engines/event-log/env'
import { postgresEnv } from '@cinegraph/engines/postgres/env'
import { integer, port, processEnv } from '@cinegraph/kit/config'
import { z } from 'zod'

export const outboxConfig = z.object({
  ...processEnv,
  PORT: port(4101).describe('port of health and metrics; 0 takes a free one'),
  ...postgresEnv,
  ...eventLogEnv,
  OUTBOX_BATCH: integer({ min: 1, max: 10_000, default: 500 }).describe(
    'events that are relayed at once at most',
  ),
  OUTBOX_TURN_MS: integer({ min: 1_000, max: 600_000, default: 30_000 }).describe(
    'milliseconds that a batch may take; a worker that stands still for longer loses its turn to another',
  ),
})
