import { CreditRole } from '@cinegraph/engines/search/credit-role'
import type { FilmsContext } from '../context.js'
import {
  countedBy,
  type FilmListQuery,
  type FilmPage,
  type FilmService,
} from '../films/film.service.js'

export interface FilmographyQuery extends Omit<FilmListQuery, 'text' | 'filter'> {
  /** Null or absent: any. */
  readonly role?: CreditRole | null
}

const ROLES = Object.values(CreditRole)

/** What a person did, as far as the viewer may see the films. */
export class FilmographyService {
  constructor(private readonly films: FilmService) {}

  /** As `FilmService.list`. */
  async list(
    id: string,
    { role, ...query }: FilmographyQuery,
    context: FilmsContext,
  ): Promise<FilmPage> {
    const page = await this.films.list({ ...query, filter: { persons: [{ id, role }] } }, context)
    const person = role == null ? { id } : { id, role }
    return countedBy(page, () => context.loaders.personFilmCount.load(person))
  }

  /** Roles with films, the one with most first. */
  async roles(
    id: string,
    { loaders }: FilmsContext,
  ): Promise<{ role: CreditRole; filmCount: number }[]> {
    const counts = await Promise.all(
      ROLES.map(async (role) => ({
        role,
        filmCount: await loaders.personFilmCount.load({ id, role }),
      })),
    )
    return counts
      .filter(({ filmCount }) => filmCount > 0)
      .toSorted((left, right) => right.filmCount - left.filmCount)
  }
}
