import { parseJson } from '@cinegraph/kit/json'
import { z } from 'zod'
import { type EncodedEvent, type EventContract, HEADERS } from './event.js'

/** An event of one of the contracts, told apart by `name`. */
export type EventOf<Contract> =
  Contract extends EventContract<infer Name, infer Payload>
    ? {
        readonly name: Name
        readonly id: string
        readonly occurredAt: Date
        readonly payload: z.output<Payload>
      }
    : never

/**
 * - `event`: one of the contracts, and valid.
 * - `other`: an event that has nothing to do with them.
 * - `unknown-version`: one of theirs in a version that is not among them, of a later release or an earlier one.
 * - `invalid`: it says to be one of them and is not, or says nothing.
 */
export type Decoded<Event> =
  | { readonly outcome: 'event'; readonly event: Event }
  | { readonly outcome: 'other' | 'unknown-version'; readonly name: string }
  | { readonly outcome: 'invalid'; readonly problems: readonly string[] }

/** Reads records of the event log as events of `contracts`. It throws nothing: a bad record is an outcome among others. */
export function createDecoder<const Contract extends EventContract>(
  contracts: readonly Contract[],
) {
  const schemas = new Map<string, z.ZodType<object>>(
    contracts.map(({ name, payload }) => [
      name,
      z.object({ occurredAt: z.coerce.date(), payload }),
    ]),
  )
  const kinds = new Set(contracts.map(({ name }) => kindOf(name)))
  return (record: Pick<EncodedEvent, 'id' | 'headers' | 'value'>): Decoded<EventOf<Contract>> => {
    const name = record.headers[HEADERS.event]
    if (name === undefined) return { outcome: 'invalid', problems: ['it names no event'] }
    const schema = schemas.get(name)
    if (!schema) return { outcome: kinds.has(kindOf(name)) ? 'unknown-version' : 'other', name }
    const read = schema.safeParse({
      occurredAt: record.headers[HEADERS.occurredAt],
      payload: parseJson(record.value),
    })
    if (!read.success) return { outcome: 'invalid', problems: problemsOf(read.error) }
    // each contract has its own payload, which only the caller's type knows
    const event = { name, id: record.id, ...read.data } as unknown as EventOf<Contract>
    return { outcome: 'event', event }
  }
}

const kindOf = (name: string) => name.replace(/\.v\d+$/, '')

const problemsOf = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
