import type { Cache } from '@cinegraph/engines/cache/cache'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import type { Viewer } from '@cinegraph/kit/identity'
import { type Language, translate } from '@cinegraph/kit/language'
import { type Lookup, lookupKey } from '@cinegraph/kit/lookup'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { isEditor } from '../permissions.js'
import type { GenreRepository, StoredGenre } from './genre.repository.js'

// whoever writes genres purges the tag; the time to live bounds what a missed purge can do
const TAG = 'genres'
const CACHED = { ttlMs: 10_000, staleMs: 20_000, tags: [TAG] }
// to be raised with any change of StoredGenre: a cache outlives a release
const KEY = 'people:v2:genres'

interface SortKey {
  name: string
  id: string
}

export class GenreService {
  constructor(
    private readonly repository: GenreRepository,
    private readonly cache: Cache,
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

  /** By name as `language` collates it. Throws BAD_USER_INPUT for `first` outside 1 to 100 or a foreign cursor. */
  async list(
    viewer: Viewer,
    query: { language: Language; first: number; after?: string | null },
  ): Promise<Page<StoredGenre>> {
    const { language, after } = query
    const first = pageSize(query.first)
    const start = after == null ? undefined : readCursor(after, language)
    const compare = order(language)
    const genres = (await this.all(viewer))
      .map((genre) => ({ genre, key: keyOf(genre, language) }))
      .toSorted((a, b) => compare(a.key, b.key))
    const rest = start ? genres.filter(({ key }) => compare(key, start) > 0) : genres
    return {
      edges: rest
        .slice(0, first)
        .map(({ genre, key }) => ({ node: genre, cursor: writeCursor(key, language) })),
      hasNextPage: rest.length > first,
      hasPreviousPage: rest.length < genres.length,
      count: async () => genres.length,
    }
  }
}

export const nameOf = (genre: StoredGenre, language: Language): string =>
  translate(genre.name, language) ?? genre.slug

const keyOf = (genre: StoredGenre, language: Language): SortKey => ({
  name: nameOf(genre, language),
  id: genre.id,
})

function order(language: Language): (a: SortKey, b: SortKey) => number {
  const { compare } = new Intl.Collator(language)
  return (a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : Number(a.id > b.id))
}

const writeCursor = ({ name, id }: SortKey, language: Language) =>
  encodeCursor([language, name, id])

function readCursor(cursor: string, language: Language): SortKey {
  const key = z.tuple([z.literal(language), z.string(), z.string()])
  const [, name, id] = decodeCursor(key, cursor)
  return { name, id }
}
