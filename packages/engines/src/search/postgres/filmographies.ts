import type { CreditedPerson, FilmCredit, SearchIndex } from '../search-index.js'
import { createBindings, type Run } from './connection.js'
import { creditOf, visibleSql } from './film-filter.js'

export async function countByPerson(
  run: Run,
  persons: readonly CreditedPerson[],
  audiences: readonly string[],
): ReturnType<SearchIndex['filmCountsByPerson']> {
  const { values, bind } = createBindings()
  const credits = persons.map(creditOf)
  // an overlap of lists compares each with each where the index does not help, so it is asked for persons without their roles
  const ids = [...new Set(persons.map(({ id }) => id))]
  const rows = await run<{ credit: string; films: number }>(
    `SELECT credit, count(*)::int AS films FROM search.films, unnest(credits) AS credit
    WHERE ${visibleSql(bind, audiences)} AND credits && ${bind(ids)}::text[] AND credit = ANY(${bind(credits)}::text[])
    GROUP BY credit`,
    values,
  )
  const counts = new Map(rows.map(({ credit, films }) => [credit, films]))
  return credits.map((credit) => counts.get(credit) ?? 0)
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
