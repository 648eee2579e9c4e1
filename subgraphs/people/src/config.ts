import { cacheEnv } from '@cinegraph/engines/cache/env'
import { postgresEnv } from '@cinegraph/engines/postgres/env'
import { searchEnv } from '@cinegraph/engines/search/env'
import { httpPort, subgraphEnv } from '@cinegraph/kit/config'
import { z } from 'zod'

export const peopleConfig = z.object({
  ...subgraphEnv,
  PORT: httpPort(4003),
  ...postgresEnv,
  ...searchEnv,
  ...cacheEnv,
})
