import { cacheEnv } from '@cinegraph/engines/cache/env'
import { countersEnv } from '@cinegraph/engines/counters/env'
import { eventLogEnv } from '@cinegraph/engines/event-log/env'
import { mailEnv } from '@cinegraph/engines/mailer/env'
import { searchEnv } from '@cinegraph/engines/search/env'
import { flag, httpPort, integer, processEnv } from '@cinegraph/kit/config'
import { z } from 'zod'
import { databaseEnv } from '../database.js'
import { mailSettings } from './mail.js'

/** What `npm start` reads; the settings of the gateway, of users and of the outbox (see their READMEs) count too. */
export const cinegraphConfig = z.object({
  ...processEnv,
  ...databaseEnv,
  PORT: httpPort(4000),
  LOG_LEVEL: processEnv.LOG_LEVEL.unwrap()
    .default('warn')
    .describe(processEnv.LOG_LEVEL.description!),
  SHUTDOWN_MS: integer({ min: 100, max: 600_000, default: 2_000 }).describe(
    processEnv.SHUTDOWN_MS.description!,
  ),
  DEMO_DATA: flag(true).describe(
    'whether a database without films gets the demo catalogue, and one without accounts demo accounts',
  ),
  SEARCH_URL: searchEnv.SEARCH_URL.optional(),
  EVENT_LOG_URL: eventLogEnv.EVENT_LOG_URL.optional(),
  ...cacheEnv,
  ...countersEnv,
  MAIL_URL: mailSettings.shape.MAIL_URL,
  MAIL_FROM: mailEnv.MAIL_FROM.default('Cinegraph <mail@cinegraph.localhost>'),
})
export type CinegraphConfig = z.output<typeof cinegraphConfig>
