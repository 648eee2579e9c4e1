/**
 * Logs in, searches for a film and prints its page.
 *
 *     npm run example -- "metropolis" ru
 *
 * CINEGRAPH_URL, CINEGRAPH_LOGIN and CINEGRAPH_PASSWORD say where and as whom.
 */
import {
  CinegraphError,
  createCinegraphClient,
  FilmPageDocument,
  type FilmPageQuery,
  type Language,
  SearchFilmsDocument,
} from '@cinegraph/sdk'

type Film = NonNullable<FilmPageQuery['film']>

const [text = 'metropolis', lang = 'en'] = process.argv.slice(2)
const language: Language = lang === 'ru' ? 'RU' : 'EN'
const client = createCinegraphClient({
  url: process.env['CINEGRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql',
})

try {
  await logIn()
  const film = await findFilm()
  console.log(film ? page(film) : `No film matches "${text}".`)
} catch (error) {
  if (!(error instanceof CinegraphError)) throw error
  const request = error.requestId ? ` (request ${error.requestId})` : ''
  console.error(`${error.code}: ${error.message}${request}`)
  process.exitCode = 1
}

async function logIn() {
  const { CINEGRAPH_LOGIN: login, CINEGRAPH_PASSWORD: password } = process.env
  // the catalogue is open to everyone
  if (!login || !password) return
  const account = await client.logIn(login, password)
  console.log(`Logged in as ${account.login}\n`)
}

async function findFilm() {
  const { searchFilms } = await client.request(SearchFilmsDocument, { text, language, first: 1 })
  const found = searchFilms?.edges[0]?.node
  if (!found) return undefined
  const { film } = await client.request(FilmPageDocument, { id: found.id, language })
  return film
}

function page(film: Film): string {
  const people = (...roles: string[]) =>
    film.credits?.edges
      .map(({ node }) => node)
      .filter(({ role }) => roles.includes(role))
      .map(({ person, character }) => person.name + (character ? ` (${character})` : ''))
      .join(', ')
  const lines: [russian: string, english: string, value: string | undefined][] = [
    ['Жанры', 'Genres', film.genres?.map(({ name }) => name).join(', ')],
    ['Режиссёр', 'Director', people('DIRECTOR')],
    ['В ролях', 'Cast', people('ACTOR')],
    ['Страна', 'Country', film.countries.map(countryName).join(', ')],
    ['Минут', 'Minutes', film.runtimeMinutes?.toString()],
    ['Возраст', 'Age', `${film.ageRating}+`],
    ['Рейтинг', 'Rating', film.externalRating?.toFixed(1)],
  ]
  const facts = lines.flatMap(([russian, english, value]) => {
    const label = language === 'RU' ? russian : english
    return value ? [`${label.padEnd(10)}${value}`] : []
  })
  const title = film.releaseYear === null ? film.title : `${film.title} (${film.releaseYear})`
  const original = film.originalTitle === film.title ? null : film.originalTitle
  return [[title, original, film.tagline], [film.description], facts]
    .map((section) => section.filter(Boolean).join('\n'))
    .filter(Boolean)
    .join('\n\n')
}

function countryName(code: string): string {
  return new Intl.DisplayNames([lang], { type: 'region' }).of(code) ?? code
}
