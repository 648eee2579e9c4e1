import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { FilmFields } from '@cinegraph/films/importing/film-content'
import { FilmImportRepository } from '@cinegraph/films/importing/film-import.repository'
import type { Imported, ImportOutcome } from '@cinegraph/kit/importing'
import type { LinksFields } from '@cinegraph/people/importing/people-content'
import { PeopleImportRepository } from '@cinegraph/people/importing/people-import.repository'
import type { Catalogue, Film } from './fixtures.js'
import { stableId } from './stable-id.js'

// whoever writes a whole catalogue makes the search index anew, and it has no history
const UNTOLD = { told: false }

/**
 * Writes a whole catalogue over what has the same ids; writing it twice changes nothing. New films are published; who may see
 * those that were there stays as it is.
 */
export async function writeCatalogue(
  prisma: Postgres['prisma'],
  { genres, people, films }: Catalogue,
): Promise<void> {
  const owner = new PeopleImportRepository(prisma)
  const entries = <F extends { slug: string }>(kind: 'genre' | 'person', all: readonly F[]) =>
    all.map((fields) => ({ id: stableId(kind, fields.slug), fields }))
  accepted(await owner.writeGenres(entries('genre', genres), UNTOLD))
  accepted(await owner.writePersons(entries('person', people), UNTOLD))
  // films come last: where there is a film, all that belongs to it is there, even when this is cut short
  accepted(await owner.writeLinks(films.map(linksOf), UNTOLD))
  accepted(await new FilmImportRepository(prisma).write(films.map(filmOf), UNTOLD))
}

const filmOf = ({ genres: _, credits: __, year, ...film }: Film): Imported<FilmFields> => ({
  id: stableId('film', film.slug),
  fields: { ...film, releaseYear: year },
  ifNew: { status: 'PUBLISHED' },
})

const linksOf = ({ slug, genres, credits }: Film): Imported<LinksFields> => ({
  id: stableId('film', slug),
  fields: {
    genres: genres.map((genre) => stableId('genre', genre)),
    credits: credits.map(({ person, role, character = null }) => ({
      personId: stableId('person', person),
      role,
      character,
    })),
  },
})

function accepted(outcomes: readonly ImportOutcome<unknown>[]): void {
  const refused = outcomes.find((it) => it.kind === 'REFUSED')
  if (refused)
    throw new Error(`a catalogue of ours is refused: ${JSON.stringify(refused.problems)}`)
}
