import { encodeEvent } from '@cinegraph/events/event'
import { filmLinked } from '@cinegraph/events/domain/film.linked.v1'
import { type Change, changesBetween } from '@cinegraph/kit/changes'
import { systemClock } from '@cinegraph/kit/clock'
import type { CreditRecord } from '../credits/credit.repository.js'
import type { Edit } from '../editing/edit.js'

/** What films are linked to: a person or a genre. */
export type Linked = { readonly personId: string } | { readonly genreId: string }

/** Genres and credits of a film in the order in which they are shown, or the part of them that an edit is about. */
export interface Links {
  readonly genreIds?: readonly string[]
  readonly credits?: readonly CreditRecord[]
}

/** What becomes of the links of a film. */
export interface FilmRelinking {
  readonly filmId: string
  /** Of its links, before the edit. */
  readonly version: number
  readonly before: Links
  readonly after: Links
}

/** What a credit is known by within its film: whoever sets the same once more means the one that is there. */
export const creditKey = ({ personId, role, character }: Omit<CreditRecord, 'id' | 'order'>) =>
  JSON.stringify([personId, role, character])

/** Undefined when nothing differs. */
export function linksEdit(relinking: FilmRelinking, action: string): Edit | undefined {
  const { filmId, before, after } = relinking
  const changes = changesOfLinks(before, after)
  if (changes.length === 0) return undefined
  const links = [
    ...new Set(changes.map(({ field }) => (field === 'genres' ? 'GENRES' : 'CREDITS'))),
  ]
  const event = encodeEvent(filmLinked, { filmId, links }, { occurredAt: systemClock() })
  const version = relinking.version + 1
  return { kind: 'FILM_LINKS', id: filmId, version, action, changes, events: [event] }
}

/**
 * The fields are `genres`, a list of ids; `credits.<person>.<role>`, a list of characters, null for one without; and
 * `creditOrder`, a list of ids of credits, when those that stay stand in another order. So a credit more is one change,
 * however many there are.
 */
function changesOfLinks(before: Links, after: Links): Change[] {
  const ids = (of: Links) => new Set(of.credits?.map(({ id }) => id))
  const [were, are] = [ids(before), ids(after)]
  const staying = ({ credits = [] }: Links) =>
    credits.map(({ id }) => id).filter((id) => were.has(id) && are.has(id))
  const fieldsOf = (of: Links) => ({
    genres: of.genreIds,
    credits: byPerson(of.credits ?? []),
    creditOrder: staying(of),
  })
  return changesBetween(fieldsOf(before), fieldsOf(after))
}

const byPerson = (credits: readonly CreditRecord[]) =>
  Object.fromEntries(
    [...Map.groupBy(credits, ({ personId }) => personId)].map(([personId, of]) => [
      personId,
      Object.fromEntries(
        [...Map.groupBy(of, ({ role }) => role)].map(([role, as]) => [
          role,
          as.map(({ character }) => character),
        ]),
      ),
    ]),
  )
