import type { Logger } from '@cinegraph/kit/logger'
import { Kafka, logLevel } from 'kafkajs'
import type { KafkaUrl } from './kafka-url.js'

/** What errors, metrics and log lines name. */
export const ENGINE = 'kafka'

/** One question to a broker. Longer than an election of a leader, shorter than anybody waits for the whole. */
const REQUEST_MS = 5_000

/** A few seconds: for errors that pass, such as a leader that is being elected. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 }

export function createClient({ brokers, ssl, sasl }: KafkaUrl, log: Logger): Kafka {
  return new Kafka({
    ...{ clientId: 'cinegraph', brokers, ssl, retry: RETRY },
    // never undefined: the client would take that for a mechanism
    ...(sasl && { sasl: sasl as never }),
    ...{ connectionTimeout: REQUEST_MS, authenticationTimeout: REQUEST_MS },
    ...{ requestTimeout: REQUEST_MS, enforceRequestTimeout: true },
    logLevel: logLevel.WARN,
    // it tells of every attempt; what became of them is ours to say
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log.debug({ client: namespace, problem: message }, 'kafka client'),
  })
}
