import type { Postgres } from '@cinegraph/engines/postgres/open'
import {
  FilmContentRepository,
  type StoredFilm,
} from '@cinegraph/films/importing/film-content.repository'
import { Language, type Translations } from '@cinegraph/kit/language'
import {
  PeopleContentRepository,
  type StoredGenre,
  type StoredPerson,
  type ToldLinks,
} from '@cinegraph/people/importing/people-content.repository'
import { type Format, WRITERS } from './format.js'
import type { Kind } from './record.js'

const PAGE = 500

export type ExportCounts = Readonly<Record<Kind, number>>

/**
 * The whole catalogue as an import takes it, genres and persons before the films that name them, each kind in the order of slugs;
 * drafts and hidden films too, but none that is deleted. Every record names every field. Holds one page at a time.
 */
export async function* exportCatalogue(
  { prisma }: Postgres,
  format: Format,
  onWritten: (counts: ExportCounts) => void = () => {},
): AsyncGenerator<string> {
  const { header, write } = WRITERS[format]
  const counts = { genre: 0, person: 0, film: 0 }
  const people = new PeopleContentRepository(prisma)
  const films = new FilmContentRepository(prisma)
  yield header
  async function* of<T extends Stored>(
    kind: Kind,
    pages: AsyncIterable<T[]>,
    recordsOf: (page: T[]) => object[] | Promise<object[]>,
  ) {
    for await (const page of pages) {
      yield write(await recordsOf(page))
      counts[kind] += page.length
      onWritten(counts)
    }
  }
  const genres = pagesOf((after) => people.pageOfGenres(after, PAGE))
  yield* of('genre', genres, (page) => page.map(genreRecord))
  const persons = pagesOf((after) => people.pageOfPersons(after, PAGE))
  yield* of('person', persons, (page) => page.map(personRecord))
  const pagesOfFilms = pagesOf((after) => films.page(after, PAGE))
  yield* of('film', pagesOfFilms, async (page) => {
    const links = await people.toldLinksOf(page.map(({ id }) => id))
    return page.map((film) => filmRecord(film, links.get(film.id)!))
  })
}

interface Stored {
  readonly content: { readonly slug: string }
}

async function* pagesOf<T extends Stored>(
  read: (after: string) => Promise<T[]>,
): AsyncGenerator<T[]> {
  for (let after = ''; ;) {
    const page = await read(after)
    if (page.length > 0) yield page
    if (page.length < PAGE) return
    after = page.at(-1)!.content.slug
  }
}

/** Both languages: null takes away what another database has. */
const told = (texts: Translations) =>
  Object.fromEntries(Object.values(Language).map((it) => [it, texts[it] ?? null]))

const genreRecord = ({ content: { slug, name, description } }: StoredGenre) => ({
  kind: 'genre',
  slug,
  name: told(name),
  description: told(description),
})

const personRecord = ({ content }: StoredPerson) => ({
  kind: 'person',
  slug: content.slug,
  name: told(content.name),
  biography: told(content.biography),
  birthDate: content.birthDate,
  deathDate: content.deathDate,
})

const filmRecord = ({ content: film }: StoredFilm, { genres, credits }: ToldLinks) => ({
  kind: 'film',
  slug: film.slug,
  type: film.type,
  title: told(film.title),
  originalTitle: film.originalTitle,
  originalLanguage: film.originalLanguage,
  description: told(film.description),
  tagline: told(film.tagline),
  releaseDate: film.releaseDate,
  releaseYear: film.releaseYear,
  runtimeMinutes: film.runtimeMinutes,
  ageRating: film.ageRating,
  countries: film.countries,
  genres,
  externalRating: film.externalRating,
  trailerUrl: film.trailerUrl,
  creditsStartSec: film.creditsStartSec,
  requiredRole: film.requiredRole,
  hiddenWithoutRole: film.hiddenWithoutRole,
  status: film.status,
  publishAt: film.publishAt,
  externalIds: film.externalIds,
  credits,
  seasons: film.seasons,
})
