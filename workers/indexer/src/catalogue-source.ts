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

/** What belongs to each of these films; a film that has none may be left out. */
type LinksOf<T> = ReadonlyMap<string, readonly T[]>

/**
 * What the owners' repositories read for the index. `…After` reads the next rows in the order of their ids: at most `limit` of
 * those after `id`, from the first for null.
 */
export interface CatalogueReads {
  /** Microseconds since 1970 by the clock of the database that the others read. */
  clock: () => Promise<number>
  films: {
    filmsAfter(id: string | null, limit: number): Promise<readonly FilmRow[]>
  }
  people: {
    genresAfter(id: string | null, limit: number): Promise<readonly GenreRow[]>
    personsAfter(id: string | null, limit: number): Promise<readonly PersonRow[]>
    genresOfFilms(filmIds: readonly string[]): Promise<LinksOf<GenreLink>>
    creditsOfFilms(filmIds: readonly string[]): Promise<LinksOf<CreditLink>>
  }
}

/** Streams a catalogue page by page; never more than `pageSize` entities are held. */
export function createCatalogueSource(reads: CatalogueReads, pageSize = 200): CatalogueSource {
  const { clock, films, people } = reads

  async function* stream<Row extends { id: string }, Whole>(
    read: (afterId: string | null, limit: number) => Promise<readonly Row[]>,
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
  const withLinks = async (rows: readonly FilmRow[]): Promise<WholeFilm[]> => {
    const ids = rows.map(({ id }) => id)
    const [genres, credits] = await Promise.all([
      people.genresOfFilms(ids),
      people.creditsOfFilms(ids),
    ])
    return rows.map((film) => ({
      film,
      genres: genres.get(film.id) ?? [],
      credits: credits.get(film.id) ?? [],
    }))
  }
  return {
    genres: () => stream((id, limit) => people.genresAfter(id, limit), asTheyAre),
    persons: () => stream((id, limit) => people.personsAfter(id, limit), asTheyAre),
    films: () => stream((id, limit) => films.filmsAfter(id, limit), withLinks),
  }
}
