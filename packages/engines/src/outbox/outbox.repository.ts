import type { Prisma, PrismaClient } from '../postgres/generated/client.js'
import { checkRecord } from '../event-log/checks.js'
import type { NewRecord } from '../event-log/event-log.js'

/** An event for a topic of the event log, such as `encodeEvent` of `@cinegraph/events` makes. */
export interface OutboxEvent extends NewRecord {
  /** Name of the topic. */
  readonly topic: string
}

/**
 * Announces events: one statement for the `$transaction` that changes the rows they tell of, so they are sent if it commits and
 * never if it does not. Put it after the statements that change the rows: two transactions that change the same one then
 * announce in the order in which they commit.
 *
 * Throws a RangeError for an event that the event log would refuse.
 */
export function announce(
  db: Pick<PrismaClient, '$executeRaw'>,
  events: readonly OutboxEvent[],
): Prisma.PrismaPromise<number> {
  for (const event of events) checkRecord(event)
  const topics = events.map(({ topic }) => topic)
  const keys = events.map(({ key }) => key)
  const ids = events.map(({ id }) => id)
  const headers = events.map((event) => JSON.stringify(event.headers))
  const values = events.map(({ value }) => value)
  return db.$executeRaw`
    INSERT INTO platform.outbox (topic, key, event_id, headers, value)
    SELECT topic, key, event_id::uuid, headers::json, value
    FROM unnest(${topics}::text[], ${keys}::text[], ${ids}::text[], ${headers}::text[], ${values}::text[])
      WITH ORDINALITY AS it (topic, key, event_id, headers, value, place)
    ORDER BY place`
}
