import type { LogRecord } from '@cinegraph/engines/event-log/event-log'
import { createDecoder, type EventOf } from '@cinegraph/events/decode'
import { filmChanged } from '@cinegraph/events/domain/film.changed.v1'
import { filmLinked } from '@cinegraph/events/domain/film.linked.v1'
import { genreChanged } from '@cinegraph/events/domain/genre.changed.v1'
import { personChanged } from '@cinegraph/events/domain/person.changed.v1'
import { personMerged } from '@cinegraph/events/domain/person.merged.v1'

const CONTRACTS = [filmChanged, filmLinked, genreChanged, personChanged, personMerged] as const
export type CatalogueEvent = EventOf<(typeof CONTRACTS)[number]>

export interface DecodedRecords {
  readonly events: readonly CatalogueEvent[]
  /** Records that this release cannot read, each with the reason. */
  readonly refused: readonly { record: LogRecord; reason: string }[]
  /** How many have nothing to do with the index. */
  readonly skipped: number
}

const decodeRecord = createDecoder(CONTRACTS)

/** Never throws, whatever the records say. */
export function decode(records: readonly LogRecord[]): DecodedRecords {
  const events: CatalogueEvent[] = []
  const refused: { record: LogRecord; reason: string }[] = []
  for (const record of records) {
    const decoded = decodeRecord(record)
    if (decoded.outcome === 'event') {
      events.push(decoded.event)
    } else if (decoded.outcome === 'unknown-version') {
      refused.push({ record, reason: `this release does not know ${decoded.name}` })
    } else if (decoded.outcome === 'invalid') {
      refused.push({ record, reason: decoded.problems.join('; ') })
    }
  }
  return { events, refused, skipped: records.length - events.length - refused.length }
}
