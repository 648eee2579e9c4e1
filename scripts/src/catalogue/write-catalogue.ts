import type { Postgres } from '@cinegraph/engines/postgres/open'
import {
  FilmImportRepository,
  type ImportedFilm,
} from '@cinegraph/films/importing/film-import.repository'
import {
  type ImportedFilmLinks,
  PeopleImportRepository,
} from '@cinegraph/people/importing/people-import.repository'
import type { Catalogue, Film } from './fixtures.js'
import { stableId } from './stable-id.js'

/** Writes a whole catalogue over what has the same slugs; writing it twice changes nothing. */
export async function writeCatalogue(
  prisma: Postgres['prisma'],
  { genres, people, films }: Catalogue,
): Promise<void> {
  const owner = new PeopleImportRepository(prisma)
  await owner.writeGenres(genres.map((it) => ({ ...it, id: stableId('genre', it.slug) })))
  await owner.writePersons(
    people.map((it) => ({
      ...it,
      id: stableId('person', it.slug),
      biography: it.biography ?? {},
    })),
  )
  // films come last: where there is a film, all that belongs to it is there, even when this is cut short
  await owner.setFilmLinks(films.map(linksOf))
  await new FilmImportRepository(prisma).write(films.map(filmOf))
}

const filmOf = ({ genres: _, credits: __, year, ...film }: Film): ImportedFilm => ({
  ...film,
  id: stableId('film', film.slug),
  releaseYear: year,
  tagline: film.tagline ?? {},
})

const linksOf = ({ slug, genres, credits }: Film): ImportedFilmLinks => ({
  filmId: stableId('film', slug),
  genreIds: genres.map((genre) => stableId('genre', genre)),
  credits: credits.map(({ person, role, character = null }, index) => ({
    id: stableId('credit', `${slug}:${index}`),
    personId: stableId('person', person),
    role,
    character,
  })),
})
