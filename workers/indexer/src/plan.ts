import type { CatalogueEvent } from './decode.js'

/** What events ask for, each id once. */
export interface Plan {
  readonly film: ReadonlySet<string>
  readonly person: ReadonlySet<string>
  readonly genre: ReadonlySet<string>
  /** Whose films are all to be refreshed: their documents hold the name. */
  readonly filmsOf: { readonly person: ReadonlySet<string>; readonly genre: ReadonlySet<string> }
}

export function planOf(events: readonly CatalogueEvent[]): Plan {
  const [film, person, genre] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const filmsOf = { person: new Set<string>(), genre: new Set<string>() }
  for (const { name, payload } of events) {
    switch (name) {
      case 'film.changed.v1':
      case 'film.linked.v1':
        film.add(payload.filmId)
        break
      case 'person.changed.v1':
        person.add(payload.personId)
        if (payload.change === 'RENAMED') filmsOf.person.add(payload.personId)
        break
      case 'person.merged.v1':
        // its films have events of their own
        person.add(payload.personId).add(payload.mergedPersonId)
        break
      case 'genre.changed.v1':
        genre.add(payload.genreId)
        if (payload.change === 'RENAMED') filmsOf.genre.add(payload.genreId)
        break
    }
  }
  return { film, person, genre, filmsOf }
}
