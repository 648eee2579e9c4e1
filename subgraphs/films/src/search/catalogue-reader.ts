import { createHash } from 'node:crypto'
import type { Cache, CacheEntryOptions } from '@cinegraph/engines/cache/cache'
import type {
  CreditedPerson,
  FacetBucket,
  FilmCredit,
  FilmFacet,
  FilmQuery,
  SearchIndex,
  SimilarQuery,
  SuggestQuery,
} from '@cinegraph/engines/search/search-index'
import type { Audience } from '../access/film-access.js'
import type { FilmRecord } from '../films/film.record.js'
import type { FilmRepository } from '../films/film.repository.js'

// changes purge by tag; the times only bound how long a lost purge can show what is no longer so
const TIMES = { ttlMs: 10_000, staleMs: 20_000 }
const ALL = 'catalogue'
const tagOf = (filmId: string) => `film:${filmId}`
const LISTS: CacheEntryOptions = { ...TIMES, tags: [ALL] }
/** To be raised with any change of a value kept under these keys: a cache outlives a release. */
const KEYS = 'films:v4'
const answerKey = (question: unknown): string => {
  const digest = createHash('sha256').update(JSON.stringify(question)).digest('base64url')
  return `${KEYS}:answer:${digest}`
}
const pageKey = (query: FilmQuery) => answerKey(['films', query])

const EDITORS: Audience = 'editors'
const isShared = (audiences: readonly string[]) => !audiences.includes(EDITORS)
const isSharedPage = ({ filter, after }: FilmQuery) =>
  after === undefined && isShared(filter.audiences) && !isOwn({ filter })

const similarKey = (query: SimilarQuery) => answerKey(['similar', query])
const isSharedLikeness = ({ to, filter, after }: SimilarQuery) =>
  after === undefined && to.length === 1 && isShared(filter.audiences) && !isOwn({ filter })

type Index = Pick<
  SearchIndex,
  | 'films'
  | 'filmLists'
  | 'similarFilms'
  | 'similarLists'
  | 'filmCount'
  | 'filmFacets'
  | 'filmCountsByGenre'
  | 'filmCountsByPerson'
  | 'suggest'
>
type FilmMatch = Parameters<Index['filmCount']>[0]

/** A film and somebody who took part in it. */
export interface FilmOfPerson {
  readonly filmId: string
  readonly personId: string
}
/** What somebody did for a film, role by role. */
export type PersonCredits = readonly Pick<FilmCredit, 'role' | 'characters'>[]

/** Answers to several questions of one kind, each kept by itself. */
interface Each<Q, A> {
  readonly keyOf: (asked: Q) => string
  readonly tagsOf: (asked: Q) => readonly string[]
  /** In the order given. */
  readonly make: (missing: readonly Q[]) => Promise<readonly A[]>
}

export interface CatalogueReaderOptions {
  search: Index & Pick<SearchIndex, 'creditsOf'>
  cache: Cache
  films: Pick<FilmRepository, 'findByIds' | 'findIdBySlug'>
}

/**
 * Every read that many viewers share, and the one place that caches them: rows by id, and answers of the index by query and
 * audiences, so that viewers of one class share and others never do. Pages after the first go past the cache, and so do lists of
 * somebody's own, and everything that editors read: they see their own changes at once.
 */
export class CatalogueReader implements Index {
  constructor(private readonly options: CatalogueReaderOptions) {}

  films(query: FilmQuery) {
    const read = () => this.options.search.films(query)
    return isSharedPage(query) ? this.options.cache.load(pageKey(query), LISTS, read) : read()
  }

  async filmLists(queries: readonly FilmQuery[]) {
    const make = (asked: readonly FilmQuery[]) => this.options.search.filmLists(asked)
    if (!queries.every(isSharedPage)) return make(queries)
    // none is refused: a first page has no cursor
    return this.each(queries, { keyOf: pageKey, tagsOf: () => [ALL], make })
  }

  similarFilms(query: SimilarQuery) {
    const read = () => this.options.search.similarFilms(query)
    return isSharedLikeness(query)
      ? this.options.cache.load(similarKey(query), LISTS, read)
      : read()
  }

  async similarLists(queries: readonly SimilarQuery[]) {
    const make = (asked: readonly SimilarQuery[]) => this.options.search.similarLists(asked)
    if (!queries.every(isSharedLikeness)) return make(queries)
    return this.each(queries, { keyOf: similarKey, tagsOf: () => [ALL], make })
  }

  filmCount(match: FilmMatch) {
    const read = () => this.options.search.filmCount(match)
    if (isOwn(match)) return read()
    return this.shared(['count', match], match.filter.audiences, read)
  }

  async filmFacets(match: FilmMatch, facets: readonly FilmFacet[]) {
    const read = async () => [...(await this.options.search.filmFacets(match, facets))]
    const key = ['facets', match, facets]
    return new Map<FilmFacet, readonly FacetBucket[]>(
      await this.shared(key, match.filter.audiences, read),
    )
  }

  async filmCountsByGenre(genreIds: readonly string[], audiences: readonly string[]) {
    const read = async () => [...(await this.options.search.filmCountsByGenre(genreIds, audiences))]
    return new Map(await this.shared(['genres', genreIds, audiences], audiences, read))
  }

  filmCountsByPerson(persons: readonly CreditedPerson[], audiences: readonly string[]) {
    const read = () => this.options.search.filmCountsByPerson(persons, audiences)
    return this.shared(['persons', persons, audiences], audiences, read)
  }

  /** In the order of `asked`; of hidden films too. `fresh` goes past the cache. */
  async creditsOf(
    asked: readonly FilmOfPerson[],
    { fresh }: { fresh: boolean },
  ): Promise<readonly PersonCredits[]> {
    const make = (missing: readonly FilmOfPerson[]) => this.options.search.creditsOf(missing)
    if (fresh) return make(asked)
    return this.each(asked, {
      keyOf: ({ filmId, personId }) => `${KEYS}:credits:${filmId}:${personId}`,
      tagsOf: ({ filmId }) => [tagOf(filmId), ALL],
      make,
    })
  }

  suggest(query: SuggestQuery) {
    const read = () => this.options.search.suggest(query)
    return this.shared(['suggest', query], query.audiences, read)
  }

  /** In the order of `ids`, null where there is none; hidden films included. `fresh` goes past the cache. */
  async filmsByIds(
    ids: readonly string[],
    { fresh }: { fresh: boolean },
  ): Promise<(FilmRecord | null)[]> {
    const make = (missing: readonly string[]) => this.rowsOf(missing)
    if (fresh) return make(ids)
    return this.each(ids, {
      keyOf: (id) => `${KEYS}:row:${id}`,
      tagsOf: (id) => [tagOf(id), ALL],
      make,
    })
  }

  filmIdBySlug(slug: string, { fresh }: { fresh: boolean }): Promise<string | null> {
    const read = () => this.options.films.findIdBySlug(slug)
    return fresh ? read() : this.options.cache.load(`${KEYS}:slug:${slug}`, LISTS, read)
  }

  /** What was cached of a film, and of lists that it may be in. To be called once an edit of it is committed. */
  forget(filmId: string): Promise<void> {
    return this.options.cache.purge([tagOf(filmId), ALL])
  }

  private async rowsOf(ids: readonly string[]): Promise<(FilmRecord | null)[]> {
    const films = await this.options.films.findByIds(ids)
    const byId = new Map(films.map((film) => [film.id, film]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  /** In the order of `asked`; what is not cached is made together. */
  private async each<Q, A>(asked: readonly Q[], { keyOf, tagsOf, make }: Each<Q, A>): Promise<A[]> {
    const byKey = new Map(asked.map((it) => [keyOf(it), it]))
    const answers = await this.options.cache.loadMany(
      asked.map(keyOf),
      (key) => ({ ...TIMES, tags: tagsOf(byKey.get(key)!) }),
      async (missing) => {
        const made = await make(missing.map((key) => byKey.get(key)!))
        return new Map(missing.map((key, at) => [key, made[at]!]))
      },
    )
    return answers.map((it) => it!)
  }

  private shared<T>(key: unknown, audiences: readonly string[], read: () => Promise<T>) {
    return isShared(audiences) ? this.options.cache.load(answerKey(key), LISTS, read) : read()
  }
}

/** Whether it leaves out what somebody hid: nobody else asks for the same. */
const isOwn = ({ filter: { excludedIds = [] } }: Pick<FilmQuery, 'filter'>): boolean =>
  excludedIds.length > 0
