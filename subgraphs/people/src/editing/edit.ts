import type { EncodedEvent } from '@cinegraph/events/event'
import type { Change } from '@cinegraph/kit/changes'

/** What there are audits of. */
export const AuditedKind = { PERSON: 'PERSON', GENRE: 'GENRE', FILM_LINKS: 'FILM_LINKS' } as const
export type AuditedKind = (typeof AuditedKind)[keyof typeof AuditedKind]

/** One thing that an edit changed: the entry of its audit, and the events that tell of it. */
export interface Edit {
  readonly kind: AuditedKind
  /** Of the person, the genre or the film. */
  readonly id: string
  /** Of it, after the edit. */
  readonly version: number
  readonly action: string
  readonly changes: readonly Change[]
  readonly events: readonly EncodedEvent[]
}

/** What came of an edit: the new state, or the current one of what was edited in another version. */
export type Outcome<T> = { readonly edited: T } | { readonly conflict: T }

/** What an edit answers, and all that it changed: nothing when nothing differs. */
export interface Work<T> {
  readonly result: T
  readonly edits: readonly Edit[]
}

/** Nothing is done: this is the current state. */
export const conflictWith = <T>(conflict: T): Work<Outcome<T>> => ({
  result: { conflict },
  edits: [],
})

export const editedTo = <T>(edited: T, edits: readonly Edit[]): Work<Outcome<T>> => ({
  result: { edited },
  edits,
})
