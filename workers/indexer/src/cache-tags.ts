import type { EntityKind } from './project.js'

/** Of lists, searches, facets and suggestions, and of rows of films: `subgraphs/films/src/search/catalogue-reader.ts`. */
const CATALOGUE = 'catalogue'
/** Of the genres of `subgraphs/people/src/genres/genre.service.ts`. */
const GENRES = 'genres'

/** Tags of whatever may say something of these entities that is no longer so. */
export function tagsOf(kind: EntityKind, ids: readonly string[]): string[] {
  switch (kind) {
    case 'film':
      return [CATALOGUE, ...ids.map((id) => `film:${id}`)]
    case 'person':
      return [CATALOGUE]
    case 'genre':
      return [CATALOGUE, GENRES]
  }
}
