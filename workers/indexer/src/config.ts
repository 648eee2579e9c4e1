import { cacheEnv } from '@cinegraph/engines/cache/env'
import { eventLogEnv } from '@cinegraph/engines/event-log/env'
import { postgresEnv } from '@cinegraph/engines/postgres/env'
import { searchEnv } from '@cinegraph/engines/search/env'
import { port, processEnv } from '@cinegraph/kit/config'
import { z } from 'zod'

export const indexerConfig = z.object({
  ...processEnv,
  PORT: port(4102).describe('port of health and metrics; 0 takes a free one'),
  ...postgresEnv,
  ...searchEnv,
  ...eventLogEnv,
  ...cacheEnv,
})
