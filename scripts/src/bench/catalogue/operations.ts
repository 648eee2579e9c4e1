import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Request } from '../client.js'

type Data = Readonly<Record<string, unknown>>

/** Something that a frontend asks for, with one set of variables after the other. */
export interface Operation {
  readonly name: string
  /** Whether it is to cost the same however many films there are. */
  readonly flat: boolean
  readonly requests: readonly Request[]
  /** What of the answer the statements behind it must have found. */
  readonly found: (data: Data) => readonly string[]
}

const FILM_PAGE = `{
  id title originalTitle description releaseDate runtimeMinutes ageRating countries externalRating
  genres { id name } directors { id name }
  credits(first: 10) { edges { node { role character person { id name } } } }
}`
const CARD = `{ id slug title releaseDate externalRating }`

/** Of many rows: the words and names are ones that the catalogue has. */
export interface Samples {
  readonly films: readonly { id: string; slug: string }[]
  readonly genreIds: readonly string[]
  readonly commonWords: readonly string[]
  readonly rareWords: readonly string[]
  readonly persons: readonly string[]
}

/** Distinct ones, a few of each. */
export async function readSamples({ pool }: Postgres, count: number): Promise<Samples> {
  const column = async (sql: string) => {
    const { rows } = await pool.query<{ it: string }>(sql, [count])
    return rows.map(({ it }) => it)
  }
  const words = (order: string) =>
    column(`SELECT word AS it FROM (
      SELECT unnest(string_to_array(lower(title), ' ')) AS word FROM (
        SELECT title FROM films.film_translation JOIN films.film ON film.id = film_id
        WHERE language = 'en' AND audience = 'everyone' ORDER BY film_id LIMIT 20000
      ) AS sampled
    ) AS words WHERE length(word) > 5 GROUP BY word ORDER BY ${order}, word LIMIT $1`)
  const { rows: films } = await pool.query<{ id: string; slug: string }>(
    `SELECT id::text, slug FROM films.film WHERE audience = 'everyone' ORDER BY hashtext(slug), id LIMIT $1`,
    [count],
  )
  return {
    films,
    genreIds: await column('SELECT id::text AS it FROM people.genre ORDER BY slug LIMIT $1'),
    commonWords: await words('count(*) DESC'),
    // eight letters: those that one title alone has
    rareWords: await words('length(word) DESC, count(*)'),
    persons: await column(
      `SELECT name AS it FROM people.person_translation WHERE language = 'en' ORDER BY hashtext(name), person_id LIMIT $1`,
    ),
  }
}

export function operationsOn(samples: Samples): Operation[] {
  const { films, genreIds, commonWords, rareWords, persons } = samples
  return [
    filmPage('film page by id', 'id', films),
    filmPage('film page by slug', 'slug', films),
    list('newest films', ['RELEASE_DATE', 'DESC'], [{}]),
    list('films by title', ['TITLE', 'ASC'], [{}]),
    list('best rated films', ['EXTERNAL_RATING', 'DESC'], [{}]),
    list(
      'newest films of a genre',
      ['RELEASE_DATE', 'DESC'],
      genreIds.map((id) => ({ genreIds: [id] })),
    ),
    search('search: a common word', commonWords),
    search('search: a rare word', rareWords),
    search('search: a person', persons),
    search('search: a typo', rareWords.map(misspelt)),
    search('search: two common words', inPairs(commonWords)),
    search('search: two persons', inPairs(persons)),
    facets('six facets', [{}]),
    facets(
      'six facets of a genre',
      genreIds.map((id) => ({ genreIds: [id] })),
    ),
    similar(films),
    suggest([...commonWords, ...persons].map((text) => text.slice(0, 4))),
  ]
}

const filmPage = (name: string, by: 'id' | 'slug', films: Samples['films']): Operation => ({
  ...{ name, flat: true },
  requests: films.map((film) => ({
    query: `query ($key: ${by === 'id' ? 'ID' : 'String'}!) { film(${by}: $key) ${FILM_PAGE} }`,
    variables: { key: film[by] },
  })),
  found: ({ film }) => idsIn(film),
})

const list = (
  name: string,
  [field, direction]: [string, string],
  filters: object[],
): Operation => ({
  ...{ name, flat: true },
  requests: filters.map((filter) => ({
    query: `query ($filter: FilmFilter) {
      films(first: 20, filter: $filter, sort: { field: ${field}, direction: ${direction} }) { edges { node ${CARD} } }
    }`,
    variables: { filter },
  })),
  found: ({ films }) => idsIn(films),
})

const search = (name: string, texts: readonly string[]): Operation => ({
  ...{ name, flat: false },
  requests: texts.map((text) => ({
    query: `query ($text: String!) {
      searchFilms(text: $text, first: 20) { didYouMean edges { node ${CARD} highlights { field fragments { text matched } } } }
    }`,
    variables: { text },
  })),
  found: ({ searchFilms }) => idsIn(searchFilms),
})

const facets = (name: string, filters: object[]): Operation => ({
  ...{ name, flat: false },
  requests: filters.map((filter) => ({
    query: `query ($filter: FilmFilter) {
      searchFilms(text: "", first: 1, filter: $filter) { edges { node { id } } facets { name buckets { value count } } }
    }`,
    variables: { filter },
  })),
  found: ({ searchFilms }) => idsIn(searchFilms),
})

const suggest = (prefixes: readonly string[]): Operation => ({
  ...{ name: 'suggestions', flat: false },
  requests: prefixes.map((prefix) => ({
    query: `query ($prefix: String!) { suggest(prefix: $prefix) { kind text entity { ... on Film { id } ... on Person { id } ... on Genre { id } } } }`,
    variables: { prefix },
  })),
  found: ({ suggest }) => idsIn(suggest),
})

const similar = (films: Samples['films']): Operation => ({
  ...{ name: 'similar films', flat: false },
  requests: films.map(({ id }) => ({
    query: `query ($id: ID!) { film(id: $id) { similar(first: 20) { edges { node ${CARD} reasons { kind text } } } } }`,
    variables: { id },
  })),
  found: ({ film }) => idsIn(film),
})

/** Each with the next one. */
const inPairs = (texts: readonly string[]) =>
  texts.slice(1).map((text, index) => `${texts[index]!} ${text}`)

/** One letter is another one. */
const misspelt = (word: string) => `${word.slice(0, 3)}w${word.slice(4)}`

/** Every id in an answer, in its order. */
function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'id' ? [String(member)] : idsIn(member),
  )
}
