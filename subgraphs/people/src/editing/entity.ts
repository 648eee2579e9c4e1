import type { EncodedEvent } from '@cinegraph/events/event'
import { changesBetween } from '@cinegraph/kit/changes'
import type { Linked } from '../film/film-links.js'
import type { AuditedKind, Edit } from './edit.js'
import type { Catalogue } from './editing.repository.js'
import type { Entity, EntityStore } from './entity-store.js'

export type EntityChange = 'CREATED' | 'EDITED' | 'RENAMED' | 'DELETED'

export interface EntityKind<T extends Entity> {
  readonly kind: AuditedKind
  /** What messages call one, e.g. `person`. */
  readonly word: string
  readonly storeOf: (catalogue: Catalogue) => EntityStore<T>
  readonly event: (entity: T, change: EntityChange) => EncodedEvent
  /** What films are linked to. */
  readonly linked: (id: string) => Linked
}

export const creation = <T extends Entity>(kind: EntityKind<T>, entity: T): Edit => ({
  ...{ kind: kind.kind, id: entity.id, version: entity.version, action: 'CREATED' },
  changes: changesBetween({}, fieldsOf(entity)),
  events: [kind.event(entity, 'CREATED')],
})

export const deletion = <T extends Entity>(kind: EntityKind<T>, before: T): Edit => {
  const gone = { ...before, version: before.version + 1 }
  return {
    ...{ kind: kind.kind, id: gone.id, version: gone.version, action: 'DELETED' },
    changes: changesBetween(fieldsOf(before), {}),
    events: [kind.event(gone, 'DELETED')],
  }
}

/** Undefined when nothing differs. RENAMED is told to every film that shows the name. */
export function alteration<T extends Entity>(
  { kind, event }: EntityKind<T>,
  before: T,
  after: T,
): Edit | undefined {
  const changes = changesBetween(fieldsOf(before), fieldsOf(after))
  if (changes.length === 0) return undefined
  const renamed = changes.some(({ field }) => field.startsWith('name.'))
  return {
    ...{ kind, id: after.id, version: after.version, action: 'EDITED', changes },
    events: [event(after, renamed ? 'RENAMED' : 'EDITED')],
  }
}

const fieldsOf = ({ id: _, version: __, ...fields }: Entity) => fields
