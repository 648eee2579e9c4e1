import type { CatalogueRepository, Selection } from './catalogue.repository.js'
import type { EntityByKind, EntityKind, WholeFilm } from './project.js'

/** An entity and the microseconds since 1970, by the database's clock, from before it was read. */
export interface Versioned<T> {
  readonly entity: T
  readonly version: number
}

/** Entities of one kind, and the version of all that was read: of what is not there, too. */
export interface Read<T> {
  readonly entities: readonly T[]
  readonly version: number
}

/** What the search index is made of: everything that is to be found, hidden or not, each entity whole. */
export interface CatalogueSource {
  read<K extends EntityKind>(kind: K, selection: Selection): Promise<Read<EntityByKind[K]>>
  /** All of a kind in the order of ids; never more than two pages are held. */
  all<K extends EntityKind>(kind: K): AsyncIterable<Versioned<EntityByKind[K]>>
}

export type CatalogueReads = Pick<
  CatalogueRepository,
  'clock' | 'films' | 'persons' | 'genres' | 'genresOfFilms' | 'creditsOfFilms'
>

export function createCatalogueSource(reads: CatalogueReads, pageSize = 500): CatalogueSource {
  const wholeFilms = async (selection: Selection): Promise<WholeFilm[]> => {
    const films = await reads.films(selection)
    const ids = films.map(({ id }) => id)
    const [genres, credits] = await Promise.all([
      reads.genresOfFilms(ids),
      reads.creditsOfFilms(ids),
    ])
    return films.map((film) => ({
      ...film,
      genres: genres.get(film.id) ?? [],
      credits: credits.get(film.id) ?? [],
    }))
  }
  const readers: { [K in EntityKind]: (selection: Selection) => Promise<EntityByKind[K][]> } = {
    film: wholeFilms,
    person: (selection) => reads.persons(selection),
    genre: (selection) => reads.genres(selection),
  }

  async function read<K extends EntityKind>(kind: K, selection: Selection) {
    // read before the rows: a change between the two then gets a later version and wins
    const version = await reads.clock()
    return { entities: await readers[kind](selection), version }
  }

  async function* all<K extends EntityKind>(kind: K): AsyncGenerator<Versioned<EntityByKind[K]>> {
    let reading = read(kind, { after: null, limit: pageSize })
    for (;;) {
      const { entities, version }: Read<EntityByKind[K]> = await reading
      const isLast = entities.length < pageSize
      // the next page is read while this one is worked on
      if (!isLast) reading = read(kind, { after: entities.at(-1)!.id, limit: pageSize })
      // a failure is thrown where the page is awaited
      reading.catch(() => {})
      for (const entity of entities) yield { entity, version }
      if (isLast) return
    }
  }
  return { read, all }
}
