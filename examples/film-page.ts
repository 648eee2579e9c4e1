/**
 * Searches for a film and prints its page.
 *
 *     npm run example -- "metropolis" ru
 */
import {
  FilmPageDocument,
  type FilmPageQuery,
  type Language,
  SearchResultsDocument,
} from '@cinegraph/sdk'
import { visit, type Visit } from './terminal.js'
import { countryName, facts, filmLine, nothingFound, sections, titled } from './wording.js'

type Film = NonNullable<FilmPageQuery['film']>

await visit('metropolis', async (visit) => {
  const film = await findFilm(visit)
  return film ? page(film, visit.language) : nothingFound(visit)
})

async function findFilm({ client, text, language }: Visit) {
  const { searchFilms } = await client.request(SearchResultsDocument, { text, language, first: 1 })
  const found = searchFilms?.edges[0]?.node
  if (!found) return undefined
  const { film } = await client.request(FilmPageDocument, { id: found.id, language })
  return film
}

function page(film: Film, language: Language): string {
  const people = (role: string) =>
    film.credits?.edges
      .map(({ node }) => node)
      .filter((credit) => credit.role === role)
      .map(({ person, character }) => person.name + (character ? ` (${character})` : ''))
      .join(', ')
  const similar = (film.similar?.edges ?? []).map(
    ({ node, reasons }) => `${filmLine(node)}: ${reasons.map(({ text }) => text).join(', ')}`,
  )
  const original = film.originalTitle === film.title ? null : film.originalTitle
  return sections(
    [titled(film), original, film.tagline].filter(Boolean).join('\n'),
    film.description,
    facts(language, [
      ['Жанры', 'Genres', film.genres?.map(({ name }) => name).join(', ')],
      ['Режиссёр', 'Director', film.directors?.map(({ name }) => name).join(', ')],
      ['Сценарий', 'Writer', people('WRITER')],
      ['В ролях', 'Cast', people('ACTOR')],
      ['Страна', 'Country', film.countries.map((it) => countryName(it, language)).join(', ')],
      ['Минут', 'Minutes', film.runtimeMinutes?.toString()],
      ['Возраст', 'Age', `${film.ageRating}+`],
      ['Рейтинг', 'Rating', film.externalRating?.toFixed(1)],
      ['Трейлер', 'Trailer', film.trailerUrl],
    ]),
    [language === 'RU' ? 'Похожие фильмы' : 'Similar films', ...similar].join('\n'),
  )
}
