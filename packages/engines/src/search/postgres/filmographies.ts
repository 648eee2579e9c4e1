import type { CreditedPerson, FilmCredit, SearchIndex } from '../search-index.js'
import { createBindings, type Run } from './connection.js'
import { creditOf, visibleSql } from './film-filter.js'

export async function countByPerson(
  run: Run,
  persons: readonly CreditedPerson[],
  audiences: readonly string[],
): ReturnType<SearchIndex['filmCountsByPerson']> {
  const { values, bind } = createBindings()
  const rows = await run<{ films: number }>(
    `SELECT coalesce(sum(films), 0)::int AS films
    FROM unnest(${bind(persons.map(creditOf))}::text[]) WITH ORDINALITY AS asked (credit, place)
    LEFT JOIN LATERAL (
      SELECT films, audience FROM search.person_films WHERE person_id = asked.credit
      UNION ALL SELECT films, audience FROM search.credit_films WHERE credit = asked.credit
    ) AS counted ON ${visibleSql(bind, audiences)}
    GROUP BY place ORDER BY place`,
    values,
  )
  return rows.map(({ films }) => films)
}

interface Row {
  place: number
  credit: string
  characters: readonly string[] | null
}

export async function findCredits(
  run: Run,
  asked: Parameters<SearchIndex['creditsOf']>[0],
): ReturnType<SearchIndex['creditsOf']> {
  const { values, bind } = createBindings()
  const films = bind(asked.map(({ filmId }) => filmId))
  const persons = bind(asked.map(({ personId }) => personId))
  const rows = await run<Row>(
    `SELECT place::int - 1 AS place, credit, characters -> credit AS characters
    FROM unnest(${films}::text[], ${persons}::text[]) WITH ORDINALITY AS asked (film_id, person_id, place)
    JOIN search.films ON id = film_id
    CROSS JOIN LATERAL unnest(credits) WITH ORDINALITY AS listed (credit, billing)
    WHERE starts_with(credit, person_id || ':')
    ORDER BY place, billing`,
    values,
  )
  const byPlace = Map.groupBy(rows, ({ place }) => place)
  return asked.map(({ personId }, place) =>
    (byPlace.get(place) ?? []).map((row) => partOf(row, personId)),
  )
}

const partOf = (
  { credit, characters }: Row,
  personId: string,
): Pick<FilmCredit, 'role' | 'characters'> => ({
  role: credit.slice(personId.length + 1),
  characters: characters ?? [],
})
