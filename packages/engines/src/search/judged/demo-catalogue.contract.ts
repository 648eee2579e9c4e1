import { readdir, readFile } from 'node:fs/promises'
import type { FilmDocument, GenreDocument, Texts } from '../search-index.js'
import { credit, film } from '../contract/catalogue.contract.js'

const FIXTURES = new URL('../../../../../prisma/fixtures/', import.meta.url)

interface Fixture extends Pick<
  FilmDocument,
  | 'type'
  | 'title'
  | 'originalTitle'
  | 'description'
  | 'releaseDate'
  | 'ageRating'
  | 'countries'
  | 'externalRating'
> {
  readonly slug: string
  readonly year: number
  readonly genres: readonly string[]
  readonly credits: readonly { person: string; role: string }[]
}

/** The films of the demo catalogue; the id of each is its slug. */
export async function demoFilms(): Promise<FilmDocument[]> {
  const files = (await readdir(new URL('films/', FIXTURES))).toSorted()
  const fixtures = await Promise.all(files.map((file) => read<Fixture[]>(`films/${file}`)))
  const people = await namesBySlug('people.json')
  const genres = await namesBySlug('genres.json')
  return fixtures.flat().map(({ slug, year, genres: slugs, credits, ...given }) =>
    film(slug, {
      ...given,
      releaseYear: year,
      genres: slugs.map((id) => ({ id, name: genres.get(id)! })),
      credits: credits.map(({ person, role }) =>
        credit(person, { role, name: people.get(person)! }),
      ),
    }),
  )
}

export async function demoGenres(): Promise<GenreDocument[]> {
  const genres = await namesBySlug('genres.json')
  return [...genres].map(([slug, name]) => ({ id: slug, version: 1, slug, name }))
}

const read = async <T>(file: string) =>
  JSON.parse(await readFile(new URL(file, FIXTURES), 'utf8')) as T

async function namesBySlug(file: string): Promise<Map<string, Texts>> {
  const entries = await read<{ slug: string; name: Texts }[]>(file)
  return new Map(entries.map(({ slug, name }) => [slug, name]))
}
