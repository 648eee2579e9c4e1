import { genreChanged } from '@cinegraph/events/domain/genre.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import { systemClock } from '@cinegraph/kit/clock'
import type { EntityKind } from '../editing/entity.js'
import type { StoredGenre } from './genre.repository.js'

export const GENRE: EntityKind<StoredGenre> = {
  kind: 'GENRE',
  word: 'genre',
  storeOf: ({ genres }) => genres,
  event: ({ id: genreId, version }, change) =>
    encodeEvent(genreChanged, { genreId, version, change }, { occurredAt: systemClock() }),
  linked: (genreId) => ({ genreId }),
}
