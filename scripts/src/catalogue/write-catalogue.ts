import { type FilmRows, writeFilms } from './film-import.repository.js'
import type { Catalogue } from './fixtures.js'
import {
  type PeopleRows,
  writeFilmLinks,
  writeGenres,
  writePersons,
} from './people-import.repository.js'

/** Writes a whole catalogue over what has the same slugs; writing it twice changes nothing. */
export async function writeCatalogue(
  db: FilmRows & PeopleRows,
  { genres, people, films }: Catalogue,
): Promise<void> {
  await writeGenres(db, genres)
  await writePersons(db, people)
  // films come last: where there is a film, all that belongs to it is there, even when this is cut short
  await writeFilmLinks(db, films)
  await writeFilms(db, films)
}
