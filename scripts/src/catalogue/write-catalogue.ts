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
  await writeFilms(db, films)
  await writeFilmLinks(db, films)
}
