import type { Cache } from '@cinegraph/engines/cache/cache'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import type { Viewer } from '@cinegraph/kit/identity'
import { type Language, translate } from '@cinegraph/kit/language'
import { type Lookup, lookupKey } from '@cinegraph/kit/lookup'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { isEditor } from '../permissions.js'
import { viewerAudiences } from '../viewer-audiences.js'
import type { GenreRepository, StoredGenre } from './genre.repository.js'

// whoever writes genres purges the tag; the time to live bounds what a missed purge can do
const TAG = 'genres'
const CACHED = { ttlMs: 10_000, staleMs: 20_000, tags: [TAG] }
// to be raised with any change of StoredGenre: a cache outlives a release
const KEY = 'people:v2:genres'

export interface GenresQuery {
  readonly sort: 'NAME' | 'FILM_COUNT'
  readonly language: Language
  readonly first: number
  readonly after?: string | null
}
type List = Pick<GenresQuery, 'sort' | 'language'>

interface SortKey {
  /** 0 where they are not sorted by. */
  films: number
  name: string
  id: string
}

export class GenreService {
  constructor(
    private readonly repository: GenreRepository,
    private readonly cache: Cache,
    private readonly search: Pick<SearchIndex, 'audiences' | 'filmCountsByGenre'>,
  ) {}

  /** Every genre, in no particular order: as they are for editors, as they were up to half a minute ago for others. */
  async all(viewer: Viewer): Promise<StoredGenre[]> {
    if (isEditor(viewer)) return this.repository.findAll()
    return this.cache.load(KEY, CACHED, () => this.repository.findAll())
  }

  /** Lets nobody read in this process what is not true any more; to be called after the transaction. */
  async forget(): Promise<void> {
    await this.cache.purge([TAG])
  }

  /** Throws BAD_USER_INPUT unless exactly one of id and slug is given. */
  async find(viewer: Viewer, given: Lookup): Promise<StoredGenre | null> {
    const key = lookupKey(given)
    if (!key) return null
    const genres = await this.all(viewer)
    const found = genres.find((it) => ('id' in key ? it.id === key.id : it.slug === key.slug))
    return found ?? null
  }

  /** Equals by name as `language` collates it. Throws BAD_USER_INPUT for `first` outside 1 to 100 or a foreign cursor. */
  async list(viewer: Viewer, query: GenresQuery): Promise<Page<StoredGenre>> {
    const first = pageSize(query.first)
    const start = query.after == null ? undefined : readCursor(query.after, query)
    const compare = order(query.language)
    const genres = (await this.keyed(viewer, query)).toSorted((a, b) => compare(a.key, b.key))
    const rest = start ? genres.filter(({ key }) => compare(key, start) > 0) : genres
    return {
      edges: rest
        .slice(0, first)
        .map(({ genre, key }) => ({ node: genre, cursor: writeCursor(key, query) })),
      hasNextPage: rest.length > first,
      hasPreviousPage: rest.length < genres.length,
      count: async () => genres.length,
    }
  }

  private async keyed(viewer: Viewer, { sort, language }: List) {
    const genres = await this.all(viewer)
    const films = sort === 'FILM_COUNT' ? await this.filmCounts(viewer, genres) : undefined
    return genres.map((genre) => {
      const { id } = genre
      const key: SortKey = { films: films?.get(id) ?? 0, name: nameOf(genre, language), id }
      return { genre, key }
    })
  }

  private async filmCounts(viewer: Viewer, genres: readonly StoredGenre[]) {
    const audiences = await viewerAudiences(this.search, viewer)
    return this.search.filmCountsByGenre(
      genres.map(({ id }) => id),
      audiences,
    )
  }
}

export const nameOf = (genre: StoredGenre, language: Language): string =>
  translate(genre.name, language) ?? genre.slug

function order(language: Language): (a: SortKey, b: SortKey) => number {
  const { compare } = new Intl.Collator(language)
  return (a, b) =>
    b.films - a.films || compare(a.name, b.name) || (a.id < b.id ? -1 : Number(a.id > b.id))
}

const writeCursor = ({ films, name, id }: SortKey, { sort, language }: List) =>
  encodeCursor([sort, language, films, name, id])

function readCursor(cursor: string, { sort, language }: List): SortKey {
  const key = z.tuple([z.literal(sort), z.literal(language), z.int(), z.string(), z.string()])
  const [, , films, name, id] = decodeCursor(key, cursor)
  return { films, name, id }
}
