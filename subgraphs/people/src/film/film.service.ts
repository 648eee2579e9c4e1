import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { MAX_PAGE_SIZE, type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import type { PeopleLoaders } from '../context.js'
import type { CreditRecord } from '../credits/credit.repository.js'
import type { StoredGenre } from '../genres/genre.repository.js'
import type { StoredPerson } from '../persons/person.repository.js'
import type { FilmReference } from './film.reference.js'

// billing orders are unique within a film, so the order alone is a place in the list
const cursorKey = z.tuple([z.int32()])
const BEFORE_ALL = -(2 ** 31)
const EVERY_ROLE = Object.values(CreditRole)

const isPresent = <T>(value: T | null): value is T => value !== null

/** What this subgraph knows of films; of one that the viewer may not see: null, whatever is asked. */
export class FilmService {
  async genres(film: FilmReference, loaders: PeopleLoaders): Promise<StoredGenre[] | null> {
    if (film.visible !== true) return null
    const ids = await loaders.filmGenres.load(film.id)
    const genres = await Promise.all(ids.map((id) => loaders.genre.load(id)))
    return genres.filter(isPresent)
  }

  /** Throws BAD_USER_INPUT for `first` outside 1 to 100 or a foreign cursor. */
  async credits(
    film: FilmReference,
    args: { roles?: readonly CreditRole[] | null; first: number; after?: string | null },
    loaders: PeopleLoaders,
  ): Promise<Page<CreditRecord> | null> {
    if (film.visible !== true) return null
    const first = pageSize(args.first)
    const roles = args.roles?.length ? [...new Set(args.roles)] : EVERY_ROLE
    const after = args.after == null ? BEFORE_ALL : decodeCursor(cursorKey, args.after)[0]
    const credits = await loaders.credits.load({ filmId: film.id, roles, after, limit: first + 1 })
    return {
      edges: credits
        .slice(0, first)
        .map((credit) => ({ node: credit, cursor: encodeCursor([credit.order]) })),
      hasNextPage: credits.length > first,
      hasPreviousPage: args.after != null,
      count: () => countCredits(film.id, roles, loaders),
    }
  }

  async directors(film: FilmReference, loaders: PeopleLoaders): Promise<StoredPerson[] | null> {
    if (film.visible !== true) return null
    const credits = await loaders.credits.load({
      filmId: film.id,
      roles: ['DIRECTOR'],
      after: BEFORE_ALL,
      limit: MAX_PAGE_SIZE,
    })
    const ids = new Set(credits.map((credit) => credit.personId))
    const persons = await Promise.all([...ids].map((id) => loaders.person.load(id)))
    return persons.filter(isPresent)
  }
}

async function countCredits(
  filmId: string,
  roles: readonly CreditRole[],
  loaders: PeopleLoaders,
): Promise<number> {
  const counts = await loaders.creditCounts.load(filmId)
  return counts
    .filter(({ role }) => roles.includes(role))
    .reduce((sum, { count }) => sum + count, 0)
}
