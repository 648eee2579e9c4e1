import type {
  FacetBucket,
  FilmFacet,
  FilmHit,
  Highlight,
} from '@cinegraph/engines/search/search-index'
import { AppError } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Language } from '@cinegraph/kit/language'
import { type Lookup, lookupKey } from '@cinegraph/kit/lookup'
import { type Edge, type Page, pageSize } from '@cinegraph/kit/pagination'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { readsHidden } from '../access/film-access.js'
import type { FilmsContext } from '../context.js'
import type { CatalogueReader } from '../search/catalogue-reader.js'
import { type FilmFilterInput, parseFilmFilter } from './film-filter.js'
import type { FilmRecord } from './film.record.js'
import { type FilmSortInput, parseFilmSort } from './film-sort.js'

export const MAX_TEXT_LENGTH = 200

const textSchema = z
  .string()
  .max(MAX_TEXT_LENGTH, `must have at most ${MAX_TEXT_LENGTH} characters`)

export interface FilmListQuery {
  /** What to search for; empty or absent: every film. */
  readonly text?: string
  readonly language: Language
  readonly filter?: FilmFilterInput | null
  readonly sort?: FilmSortInput | null | undefined
  readonly first: number
  readonly after?: string | null | undefined
}

export interface FilmEdge extends Edge<FilmRecord> {
  readonly highlights: readonly Highlight[]
}

export interface FilmPage extends Page<FilmRecord> {
  readonly edges: readonly FilmEdge[]
  /** What the text was read as when not as it was typed. */
  readonly didYouMean: string | null
  /** Counts of all films that match, not only of this page. */
  readonly facets: (
    names: readonly FilmFacet[],
  ) => Promise<ReadonlyMap<FilmFacet, readonly FacetBucket[]>>
}

export class FilmService {
  constructor(private readonly catalogue: CatalogueReader) {}

  /** Null when it is absent or hidden. Throws BAD_USER_INPUT unless exactly one of id and slug is given. */
  async find(given: Lookup, { viewer, loaders }: FilmsContext): Promise<FilmRecord | null> {
    const key = lookupKey(given)
    if (!key) return null
    if ('id' in key) return loaders.film.load(key.id)
    const id = await this.catalogue.filmIdBySlug(key.slug, { fresh: readsHidden(viewer) })
    return id === null ? null : loaders.film.load(id)
  }

  /**
   * Order, cursors and counts come from the search index, which follows the database by moments; the row has the last word.
   * So a film that was hidden or removed just now leaves its page shorter, and the page still leads to the next one.
   * Throws BAD_USER_INPUT that names the field and its limit, FORBIDDEN for a filter by state that is not the viewer's to use.
   */
  async list(query: FilmListQuery, context: FilmsContext): Promise<FilmPage> {
    const { language, after } = query
    const matching = {
      language,
      filter: { ...filterFor(context.viewer, query.filter), audiences: await context.audiences() },
      ...(query.text === undefined ? {} : { text: validate(textSchema, query.text, 'text') }),
    }
    const listed = {
      ...matching,
      sort: parseFilmSort(query.sort),
      first: pageSize(query.first),
      ...(after == null ? {} : { after }),
    }
    const { hits, hasNextPage, didYouMean } = await (listed.text === undefined
      ? context.loaders.filmList.load(listed)
      : this.catalogue.films(listed))
    return {
      edges: await edgesOf(hits, context.loaders),
      didYouMean,
      hasNextPage,
      hasPreviousPage: after != null,
      endCursor: hits.at(-1)?.cursor ?? null,
      count: () => this.catalogue.filmCount(matching),
      facets: (names) => this.catalogue.filmFacets(matching, names),
    }
  }
}

/** The page, counted together with others of the request. */
export const countedBy = (page: FilmPage, count: () => Promise<number>): FilmPage => ({
  ...page,
  count,
})

async function edgesOf(
  hits: readonly FilmHit[],
  { film }: FilmsContext['loaders'],
): Promise<FilmEdge[]> {
  const films = await Promise.all(hits.map(({ id }) => film.load(id)))
  return hits.flatMap(({ cursor, highlights }, index) => {
    const node = films[index]
    return node ? [{ node, cursor, highlights }] : []
  })
}

function filterFor(viewer: Viewer, input: FilmFilterInput | null | undefined) {
  const filter = parseFilmFilter(input)
  if (filter.statuses && !readsHidden(viewer)) {
    throw new AppError(
      'FORBIDDEN',
      'filter.statuses: needs the permission films:read-hidden or films:write',
      {
        argument: ['filter', 'statuses'],
      },
    )
  }
  return filter
}
