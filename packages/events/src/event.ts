import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Topic } from './topic.js'

/** `film.changed.v1`: what it is about, what happened, and the version of this contract. */
export type EventName = `${string}.${string}.v${number}`

/**
 * What an event of this name says. A contract may gain optional fields; any other change is a new version in a file of its
 * own, and both are sent until nobody reads the old one.
 */
export interface EventContract<
  Name extends EventName = EventName,
  Payload extends z.ZodType = z.ZodType,
> {
  readonly name: Name
  readonly topic: Topic
  readonly payload: Payload
  /** Events of one key arrive in their order. */
  keyOf(payload: z.output<Payload>): string
}

export const defineEvent = <const Name extends EventName, Payload extends z.ZodType>(
  contract: EventContract<Name, Payload>,
): EventContract<Name, Payload> => contract

/** An event as the event log takes it, and the outbox. */
export interface EncodedEvent {
  /** Name of the topic. */
  readonly topic: string
  readonly id: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  /** The payload as JSON. */
  readonly value: string
}

/** Headers that every event has. */
export const HEADERS = { event: 'event', occurredAt: 'occurred-at' } as const

export interface EventOptions {
  readonly occurredAt: Date
  /** By which consumers know an event that comes a second time; a new one when it is not given. */
  readonly id?: string
}

/** Throws a ZodError for a payload that breaks the contract. */
export function encodeEvent<P extends z.ZodType>(
  contract: EventContract<EventName, P>,
  payload: z.input<P>,
  { occurredAt, id = randomUUID() }: EventOptions,
): EncodedEvent {
  const valid = contract.payload.parse(payload)
  return {
    topic: contract.topic.name,
    id,
    key: contract.keyOf(valid),
    headers: { [HEADERS.event]: contract.name, [HEADERS.occurredAt]: occurredAt.toISOString() },
    value: JSON.stringify(valid),
  }
}
