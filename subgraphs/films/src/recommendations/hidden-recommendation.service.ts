import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { AppError } from '@cinegraph/kit/errors'
import { requireUser, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import type { FilmsContext } from '../context.js'
import type { FilmRecord } from '../films/film.record.js'
import type {
  HiddenPlace,
  HiddenRecommendationRepository,
} from './hidden-recommendation.repository.js'

/** The most films that one person hides. */
export const MOST_HIDDEN = 1_000

const cursorSchema = z.tuple([z.iso.datetime(), z.guid()])

/** What people do not want to have recommended. All throw UNAUTHENTICATED. */
export class HiddenRecommendationService {
  constructor(private readonly repository: HiddenRecommendationRepository) {}

  /** Returns the id. Throws NOT_FOUND for a film that is absent or not the viewer's to see, CONFLICT beyond MOST_HIDDEN. */
  async hide(given: string, { viewer, loaders }: FilmsContext): Promise<string> {
    const { id: userId } = requireUser(viewer)
    const film = await loaders.film.load(given)
    if (!film) {
      throw new AppError('NOT_FOUND', 'filmId: there is no such film', { argument: ['filmId'] })
    }
    if (await this.repository.add({ userId, filmId: film.id }, MOST_HIDDEN)) return film.id
    throw new AppError(
      'CONFLICT',
      `filmId: you have hidden ${MOST_HIDDEN} films, which is the most; show one of them again first`,
      { argument: ['filmId'] },
    )
  }

  /** Returns the id. What was not hidden stays as it is, whether there is such a film or not. */
  async show(given: string, viewer: Viewer): Promise<string> {
    const { id: userId } = requireUser(viewer)
    const filmId = parseId(given)
    if (filmId === undefined) return given
    await this.repository.remove(userId, filmId)
    return filmId
  }

  /** The one hidden last first; those that the viewer may no longer see are left out and not counted. */
  async list(
    { first, after }: { first: number; after?: string | null },
    context: Pick<FilmsContext, 'viewer' | 'audiences'>,
  ): Promise<Page<FilmRecord>> {
    const { id: userId } = requireUser(context.viewer)
    const size = pageSize(first)
    const audiences = await context.audiences()
    const found = await this.repository.list({
      ...{ userId, audiences, limit: size + 1 },
      after: after == null ? undefined : placeOf(after),
    })
    return {
      edges: found.slice(0, size).map(({ film, hiddenAt, filmId }) => ({
        node: film,
        cursor: encodeCursor([hiddenAt, filmId]),
      })),
      hasNextPage: found.length > size,
      hasPreviousPage: after != null,
      count: () => this.repository.count(userId, audiences),
    }
  }
}

function placeOf(cursor: string): HiddenPlace {
  const [hiddenAt, filmId] = decodeCursor(cursorSchema, cursor)
  return { hiddenAt: new Date(hiddenAt), filmId }
}
