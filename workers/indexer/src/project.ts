import type {
  DocumentKind,
  DocumentsByKind,
  FilmCredit,
  FilmDocument,
  GenreDocument,
  PersonDocument,
} from '@cinegraph/engines/search/search-index'

/** A film as films gives it, with the audience that films decided. */
export type FilmRow = Omit<FilmDocument, 'version' | 'genres' | 'credits'>
export type GenreLink = FilmDocument['genres'][number]
/** A credit as people gives it: an actor of two characters has two. */
export interface CreditLink extends Omit<FilmCredit, 'characters'> {
  readonly character: string | null
}
export type PersonRow = Omit<PersonDocument, 'version'>
export type GenreRow = Omit<GenreDocument, 'version'>

/** A film with all that its document is made of. */
export interface WholeFilm extends FilmRow {
  readonly genres: readonly GenreLink[]
  readonly credits: readonly CreditLink[]
}

/** What the documents of a kind are made of. */
export interface EntityByKind {
  film: WholeFilm
  person: PersonRow
  genre: GenreRow
}
export type EntityKind = keyof EntityByKind & DocumentKind
/** Few first: a film is found by its genres and persons. */
export const KINDS = ['genre', 'person', 'film'] as const satisfies readonly EntityKind[]

export const project = <K extends EntityKind>(
  kind: K,
  entity: EntityByKind[K],
  version: number,
): DocumentsByKind[K] => PROJECTIONS[kind](entity, version)

// fields are named one by one: rows may carry more than the index is to hold

export const projectFilm = (film: WholeFilm, version: number): FilmDocument => ({
  id: film.id,
  version,
  audience: film.audience,
  status: film.status,
  type: film.type,
  title: film.title,
  originalTitle: film.originalTitle,
  description: film.description,
  releaseDate: film.releaseDate,
  releaseYear: film.releaseYear,
  ageRating: film.ageRating,
  countries: film.countries,
  externalRating: film.externalRating,
  seasons: film.seasons,
  genres: distinct(film.genres, ({ id }) => id).map(({ id, name }) => ({ id, name })),
  credits: byPersonAndRole(film.credits),
})

export const projectPerson = (
  { id, name, birthDate }: PersonRow,
  version: number,
): PersonDocument => ({ id, version, name, birthDate })

export const projectGenre = ({ id, slug, name }: GenreRow, version: number): GenreDocument => ({
  id,
  version,
  slug,
  name,
})

const PROJECTIONS: {
  [K in EntityKind]: (entity: EntityByKind[K], version: number) => DocumentsByKind[K]
} = { film: projectFilm, person: projectPerson, genre: projectGenre }

/** An actor of two characters is one actor. */
function byPersonAndRole(links: readonly CreditLink[]): FilmCredit[] {
  const byKey = Map.groupBy(links, ({ personId, role }) => `${role} ${personId}`)
  return [...byKey.values()].map((same) => {
    const { personId, role, name } = same[0]!
    const characters = same.flatMap(({ character }) => character ?? [])
    return { personId, role, characters, name }
  })
}

/** The first of each key, in their order. */
function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map<string, T>()
  for (const item of items) {
    const key = keyOf(item)
    if (!byKey.has(key)) byKey.set(key, item)
  }
  return [...byKey.values()]
}
