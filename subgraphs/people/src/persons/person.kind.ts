import { personChanged } from '@cinegraph/events/domain/person.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import { systemClock } from '@cinegraph/kit/clock'
import type { EntityKind } from '../editing/entity.js'
import type { StoredPerson } from './person.repository.js'

export const PERSON: EntityKind<StoredPerson> = {
  kind: 'PERSON',
  word: 'person',
  storeOf: ({ persons }) => persons,
  event: ({ id: personId, version }, change) =>
    encodeEvent(personChanged, { personId, version, change }, { occurredAt: systemClock() }),
  linked: (personId) => ({ personId }),
}
