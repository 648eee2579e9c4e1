import { MOST_SEEDS, type SimilarHit } from '@cinegraph/engines/search/search-index'
import { AppError } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { type Edge, type Page, pageSize } from '@cinegraph/kit/pagination'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import type { FilmsContext } from '../context.js'
import type { FilmRecord } from '../films/film.record.js'
import type { CatalogueReader } from '../search/catalogue-reader.js'
import type { HiddenRecommendationRepository } from './hidden-recommendation.repository.js'
import { BEST_RATED, type Reason, reasonsOf } from './reason.js'

export interface Recommendation extends Edge<FilmRecord> {
  /** The weightiest first; at least one. */
  readonly reasons: readonly Reason[]
}

export interface RecommendationPage extends Page<FilmRecord> {
  readonly edges: readonly Recommendation[]
}

interface PageArgs {
  readonly first: number
  readonly after?: string | null | undefined
}

export interface RecommendationQuery extends PageArgs {
  readonly basedOn?: readonly string[] | null | undefined
}

const seedsSchema = z.array(z.string()).max(MOST_SEEDS, `must have at most ${MOST_SEEDS} items`)

/** Both throw BAD_USER_INPUT that names the argument and its limit. The row has the last word on films, as in `FilmService.list`. */
export class RecommendationService {
  constructor(
    private readonly catalogue: Pick<CatalogueReader, 'films' | 'filmCount' | 'similarFilms'>,
    private readonly hidden: Pick<HiddenRecommendationRepository, 'filmIds'>,
  ) {}

  /** Films like this one, which the viewer sees. */
  async similar(
    filmId: string,
    { first, after }: PageArgs,
    { audiences, loaders }: FilmsContext,
  ): Promise<RecommendationPage> {
    const page = await loaders.similarList.load({
      ...{ to: [filmId], filter: { audiences: await audiences() }, first: pageSize(first) },
      ...(after == null ? {} : { after }),
    })
    const listed = { ...page, position: after, count: () => Promise.resolve(page.total) }
    return pageOf(listed, ({ likeTo, ...hit }) => {
      const reasons = likeTo.flatMap(({ likenesses }) => reasonsOf(likenesses, null))
      return recommend(hit, loaders, () => Promise.resolve(reasons))
    })
  }

  /**
   * Films like those of `basedOn`, without what the viewer hid; the films rated best where there are none. A film of `basedOn`
   * that the viewer may not see counts as absent.
   */
  async recommended(
    { basedOn, first, after }: RecommendationQuery,
    context: FilmsContext,
  ): Promise<RecommendationPage> {
    const to = seedsOf(basedOn)
    const asked: Asked = {
      to,
      first: pageSize(first),
      position: after == null ? undefined : positionOf(after),
      audiences: await context.audiences(),
      hiddenIds: await this.hiddenBy(context.viewer),
    }
    const page = await this.likeSeeds(asked, context)
    return page ?? this.bestRated(asked, context)
  }

  /** Undefined when nothing is known to be like them. */
  private async likeSeeds(
    { to, first, position, audiences, hiddenIds }: Asked,
    { loaders }: FilmsContext,
  ): Promise<RecommendationPage | undefined> {
    if (to.length === 0 || position?.list === 'rated') return undefined
    const page = await this.catalogue.similarFilms({
      ...{ to, filter: { audiences, excludedIds: hiddenIds }, first },
      ...(position && { after: position.cursor }),
    })
    if (!position && page.hits.length === 0) return undefined
    const count = () => Promise.resolve(page.total)
    return pageOf({ ...inList('like', page), position, count }, (hit) =>
      recommend(hit, loaders, () => reasonsFor(hit, loaders)),
    )
  }

  private async bestRated(
    { to, first, position, audiences, hiddenIds }: Asked,
    { loaders }: FilmsContext,
  ): Promise<RecommendationPage> {
    if (position && position.list !== 'rated') throw foreignCursor()
    const matching = {
      language: 'en',
      // films without a rating are in no range
      filter: { audiences, excludedIds: [...to, ...hiddenIds], ratingFrom: 0 },
    } as const
    const page = await this.catalogue.films({
      ...matching,
      sort: { field: 'EXTERNAL_RATING', direction: 'DESC' },
      first,
      ...(position && { after: position.cursor }),
    })
    const count = () => this.catalogue.filmCount(matching)
    return pageOf({ ...inList('rated', page), position, count }, (hit) =>
      recommend(hit, loaders, () => Promise.resolve([BEST_RATED])),
    )
  }

  private hiddenBy(viewer: Viewer): Promise<readonly string[]> {
    return viewer.kind === 'user' ? this.hidden.filmIds(viewer.id) : Promise.resolve([])
  }
}

interface Asked {
  readonly to: readonly string[]
  readonly first: number
  readonly position: Position | undefined
  readonly audiences: readonly string[]
  readonly hiddenIds: readonly string[]
}

/** An id that is none is an id that nothing has. */
const seedsOf = (basedOn: RecommendationQuery['basedOn']): string[] => [
  ...new Set(validate(seedsSchema, basedOn ?? [], 'basedOn').flatMap((id) => parseId(id) ?? [])),
]

type List = 'like' | 'rated'
interface Position {
  readonly list: List
  readonly cursor: string
}

/** A page after the first belongs to the list that the first came of, whatever was indexed meanwhile. */
function positionOf(after: string): Position {
  const [, list, cursor] = /^(like|rated)\.(.*)$/s.exec(after) ?? []
  if (list === undefined || cursor === undefined) throw foreignCursor()
  return { list: list as List, cursor }
}

const foreignCursor = () =>
  new AppError('BAD_USER_INPUT', 'after: is not a cursor of this list', { argument: ['after'] })

interface Hits<H> {
  readonly hits: readonly H[]
  readonly hasNextPage: boolean
}

const inList = <H extends { cursor: string }>(list: List, { hits, hasNextPage }: Hits<H>) => ({
  hits: hits.map((hit) => ({ ...hit, cursor: `${list}.${hit.cursor}` })),
  hasNextPage,
})

interface Listed<H> extends Hits<H> {
  readonly position: unknown
  readonly count: () => Promise<number>
}

async function pageOf<H extends { cursor: string }>(
  { hits, hasNextPage, position, count }: Listed<H>,
  edgeOf: (hit: H) => Promise<Recommendation | null>,
): Promise<RecommendationPage> {
  const edges = await Promise.all(hits.map(edgeOf))
  return {
    edges: edges.filter((it) => it !== null),
    hasNextPage,
    hasPreviousPage: position != null,
    endCursor: hits.at(-1)?.cursor ?? null,
    count,
  }
}

/** Null for a film that was hidden or removed just now, and for one whose reasons were. */
async function recommend(
  { id, cursor }: { id: string; cursor: string },
  { film }: FilmsContext['loaders'],
  reasonsOfHit: () => Promise<readonly Reason[]>,
): Promise<Recommendation | null> {
  const [node, reasons] = await Promise.all([film.load(id), reasonsOfHit()])
  return node && reasons.length > 0 ? { node, cursor, reasons } : null
}

async function reasonsFor(
  { likeTo }: SimilarHit,
  { film }: FilmsContext['loaders'],
): Promise<Reason[]> {
  const films = await Promise.all(likeTo.map(({ id }) => film.load(id)))
  return likeTo.flatMap(({ likenesses }, index) => {
    const seed = films[index]
    return seed ? reasonsOf(likenesses, seed) : []
  })
}
