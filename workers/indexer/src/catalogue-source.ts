import type { CreditLink, FilmRow, GenreLink, GenreRow, PersonRow, WholeFilm } from './project.js'

/** An entity and the microseconds since 1970, by the database's clock, from before it was read. */
export interface Versioned<T> {
  readonly entity: T
  readonly version: number
}

/** Everything that is to be found, hidden or not, each entity whole. */
export interface CatalogueSource {
  genres(): AsyncIterable<Versioned<GenreRow>>
  persons(): AsyncIterable<Versioned<PersonRow>>
  films(): AsyncIterable<Versioned<WholeFilm>>
}

/** The next rows in the order of their ids: at most `limit` of those after `afterId`, from the first for null. */
export type ReadPage<T> = (afterId: string | null, limit: number) => Promise<readonly T[]>
/** What belongs to each of these films; a film that has none may be left out. */
export type ReadLinks<T> = (
  filmIds: readonly string[],
) => Promise<ReadonlyMap<string, readonly T[]>>

/** The owners' own reads. */
export interface CatalogueReads {
  /** Microseconds since 1970 by the clock of the database that the others read. */
  clock: () => Promise<number>
  genres: ReadPage<GenreRow>
  persons: ReadPage<PersonRow>
  films: ReadPage<FilmRow>
  genresOfFilms: ReadLinks<GenreLink>
  creditsOfFilms: ReadLinks<CreditLink>
}

/** Streams a catalogue page by page; never more than `pageSize` entities are held. */
export function createCatalogueSource(reads: CatalogueReads, pageSize = 200): CatalogueSource {
  const { clock, genresOfFilms, creditsOfFilms } = reads

  async function* stream<Row extends { id: string }, Whole>(
    read: ReadPage<Row>,
    complete: (rows: readonly Row[]) => Promise<readonly Whole[]>,
  ): AsyncGenerator<Versioned<Whole>> {
    let afterId: string | null = null
    for (;;) {
      // read before the rows: a change between the two then gets a later version and wins
      const version = await clock()
      const rows = await read(afterId, pageSize)
      for (const entity of await complete(rows)) yield { entity, version }
      if (rows.length < pageSize) return
      afterId = rows.at(-1)!.id
    }
  }

  const asTheyAre = async <T>(rows: readonly T[]) => rows
  const withLinks = async (films: readonly FilmRow[]): Promise<WholeFilm[]> => {
    const ids = films.map(({ id }) => id)
    const [genres, credits] = await Promise.all([genresOfFilms(ids), creditsOfFilms(ids)])
    return films.map((film) => ({
      film,
      genres: genres.get(film.id) ?? [],
      credits: credits.get(film.id) ?? [],
    }))
  }
  return {
    genres: () => stream(reads.genres, asTheyAre),
    persons: () => stream(reads.persons, asTheyAre),
    films: () => stream(reads.films, withLinks),
  }
}
