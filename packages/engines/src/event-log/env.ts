import { urlOf } from '@cinegraph/kit/config'
import { z } from 'zod'
import { isKafkaUrl } from './kafka/kafka-url.js'

const postgresUrl = urlOf('postgresql', 'postgres')

/** Several brokers are no URL in the eyes of a parser. */
export const isEventLogUrl = (url: string): boolean =>
  isKafkaUrl(url) || postgresUrl.safeParse(url).success

export const EVENT_LOG_URLS =
  'must be a URL that starts with postgresql: or postgres: or kafka: or kafkas:'

/** The setting of a process that appends to the event log or reads it; `open.ts` knows what stands behind each scheme. */
export const eventLogEnv = {
  EVENT_LOG_URL: z
    .string()
    .refine(isEventLogUrl, EVENT_LOG_URLS)
    .describe(
      'event log: the Postgres of DATABASE_URL, or Kafka by kafka://user:password@host:9092,host2:9092',
    ),
}
