import { createHash } from 'node:crypto'
import type { Cache, CacheEntryOptions } from '@cinegraph/engines/cache/cache'
import type {
  FacetBucket,
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
const LISTS: CacheEntryOptions = { ...TIMES, tags: ['catalogue'] }
/** To be raised with any change of a value kept under these keys: a cache outlives a release. */
const KEYS = 'films:v3'
const ROW = `${KEYS}:row:`
const rowKey = (id: string) => ROW + id
const idOf = (key: string) => key.slice(ROW.length)
const rowOptions = (key: string): CacheEntryOptions => ({
  ...TIMES,
  tags: [`film:${idOf(key)}`, 'catalogue'],
})

const EDITORS: Audience = 'editors'

type Index = Pick<
  SearchIndex,
  'films' | 'similarFilms' | 'filmCount' | 'filmFacets' | 'filmCountsByGenre' | 'suggest'
>
type FilmMatch = Parameters<Index['filmCount']>[0]

export interface CatalogueReaderOptions {
  search: Index
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
    if (query.after !== undefined || isOwn(query)) return read()
    return this.shared(['films', query], query.filter.audiences, read)
  }

  similarFilms(query: SimilarQuery) {
    const read = () => this.options.search.similarFilms(query)
    if (query.after !== undefined || query.to.length > 1 || isOwn(query)) return read()
    return this.shared(['similar', query], query.filter.audiences, read)
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

  suggest(query: SuggestQuery) {
    const read = () => this.options.search.suggest(query)
    return this.shared(['suggest', query], query.audiences, read)
  }

  /** In the order of `ids`, null where there is none; hidden films included. `fresh` goes past the cache. */
  async filmsByIds(
    ids: readonly string[],
    { fresh }: { fresh: boolean },
  ): Promise<(FilmRecord | null)[]> {
    if (fresh) {
      const rows = await this.rowsOf(ids)
      return ids.map((id) => rows.get(id) ?? null)
    }
    const films = await this.options.cache.loadMany(
      ids.map(rowKey),
      rowOptions,
      async (missing) => {
        const rows = await this.rowsOf(missing.map(idOf))
        return new Map(missing.map((key) => [key, rows.get(idOf(key)) ?? null]))
      },
    )
    return films.map((film) => film ?? null)
  }

  filmIdBySlug(slug: string, { fresh }: { fresh: boolean }): Promise<string | null> {
    const read = () => this.options.films.findIdBySlug(slug)
    return fresh ? read() : this.options.cache.load(`${KEYS}:slug:${slug}`, LISTS, read)
  }

  /** What was cached of a film, and of lists that it may be in. To be called once an edit of it is committed. */
  forget(filmId: string): Promise<void> {
    return this.options.cache.purge([`film:${filmId}`, 'catalogue'])
  }

  private async rowsOf(ids: readonly string[]): Promise<Map<string, FilmRecord>> {
    const films = await this.options.films.findByIds(ids)
    return new Map(films.map((film) => [film.id, film]))
  }

  private shared<T>(key: unknown, audiences: readonly string[], read: () => Promise<T>) {
    if (audiences.includes(EDITORS)) return read()
    const digest = createHash('sha256').update(JSON.stringify(key)).digest('base64url')
    return this.options.cache.load(`${KEYS}:answer:${digest}`, LISTS, read)
  }
}

/** Whether it leaves out what somebody hid: nobody else asks for the same. */
const isOwn = ({ filter: { excludedIds = [] } }: Pick<FilmQuery, 'filter'>): boolean =>
  excludedIds.length > 0
