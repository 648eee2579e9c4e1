import type { SimilarPage, SimilarQuery } from '../search-index.js'
import {
  type FilmCredit,
  genreWeight,
  type GenreWeights,
  type Traits,
  weightiestCredits,
} from '../similar/likeness.js'
import { pageOf, readPosition } from '../similar/pages.js'
import { createBindings, type Run } from './connection.js'
import { visibleSql } from './film-filter.js'

// what bounds the work: of all seeds together
const MOST_CREDITS = 200
const MOST_FILMS_OF_PERSONS = 2_000
const MOST_GENRES = 20
const MOST_FILMS_OF_GENRES = 1_200

export async function findSimilarFilms(run: Run, query: SimilarQuery): Promise<SimilarPage> {
  const position = readPosition(query)
  const { seeds, weights: fresh } = await readSeeds(run, query)
  if (seeds.length === 0) return { hits: [], hasNextPage: false, total: 0 }
  const weights = new Map([...fresh, ...(position?.weights ?? [])])
  const films = await findCandidates(run, { query, seeds, weights })
  return pageOf(films, { query, position, seeds, weights })
}

interface SeedRow extends Omit<Traits, 'credits'> {
  readonly credits: readonly string[]
  /** Films by genre, and of the most common one. */
  readonly films: Readonly<Record<string, number>> | null
  readonly most: number
}

async function readSeeds(run: Run, { to, filter }: SimilarQuery) {
  const { values, bind } = createBindings()
  const rows = await run<SeedRow>(
    `WITH counted AS MATERIALIZED (
      SELECT genre_id, sum(films)::int AS films FROM search.genre_films
      WHERE ${visibleSql(bind, filter.audiences)} GROUP BY genre_id
    )
    SELECT id, type, release_year AS year, external_rating AS rating, genre_ids AS "genreIds", credits,
      (SELECT jsonb_object_agg(genre_id, films) FROM counted WHERE genre_id = ANY(genre_ids)) AS films,
      (SELECT coalesce(max(films), 0) FROM counted) AS most
    FROM search.films WHERE id = ANY(${bind(to)}::text[]) AND ${visibleSql(bind, filter.audiences)}
    ORDER BY array_position(${bind(to)}::text[], id)`,
    values,
  )
  const seeds = rows.map(({ credits, films: _, most: __, ...row }): Traits => ({
    ...row,
    credits: weightiestCredits(credits.flatMap(creditOf), Math.ceil(MOST_CREDITS / rows.length)),
  }))
  const weights: GenreWeights = new Map(
    rows.flatMap(({ films, most }) =>
      Object.entries(films ?? {}).map(([id, count]) => [id, genreWeight(count, most)] as const),
    ),
  )
  return { seeds, weights }
}

/** A person without a role is there for filters. */
function creditOf(credit: string): FilmCredit[] {
  const at = credit.lastIndexOf(':')
  return at < 0 ? [] : [{ personId: credit.slice(0, at), role: credit.slice(at + 1) }]
}

interface CandidateRow extends Omit<Traits, 'credits'> {
  readonly credits: readonly string[] | null
}

interface Search {
  query: SimilarQuery
  seeds: readonly Traits[]
  weights: GenreWeights
}

/** The films of the seeds' persons, from those of few films on, and the best rated of each of their genres. */
async function findCandidates(run: Run, { query, seeds, weights }: Search): Promise<Traits[]> {
  const { to, filter } = query
  const credits = seeds.flatMap((seed) => seed.credits)
  const genreIds = [...new Set(seeds.flatMap((seed) => seed.genreIds))]
    .toSorted((left, right) => (weights.get(right) ?? 1) - (weights.get(left) ?? 1))
    .slice(0, MOST_GENRES)
  const { values, bind } = createBindings()
  const audiences = `${bind(filter.audiences)}::text[]`
  const excluded = `(SELECT unnest(${bind([...to, ...(filter.excludedIds ?? [])])}::text[]))`
  const rows = await run<CandidateRow>(
    `WITH known AS (
      SELECT DISTINCT person_id, role, (
        SELECT sum(films) FROM search.person_films AS counted
        WHERE counted.person_id = given.person_id AND audience = ANY(${audiences})
      ) AS films
      FROM unnest(
        ${bind(credits.map(({ personId }) => personId))}::text[], ${bind(credits.map(({ role }) => role))}::text[]
      ) AS given (person_id, role)
    ), looked_up AS (
      SELECT credit FROM (
        SELECT person_id || ':' || role AS credit,
          sum(films) OVER (ORDER BY films, person_id COLLATE "C", role COLLATE "C") AS so_far
        FROM known
      ) AS summed WHERE so_far <= ${MOST_FILMS_OF_PERSONS}
    ), of_persons AS MATERIALIZED (
      SELECT id, array_agg(credit) AS credits
      FROM looked_up JOIN search.films ON films.credits @> ARRAY[credit]
      GROUP BY id
    ), candidates AS MATERIALIZED (
      SELECT id FROM of_persons
      UNION
      SELECT listed.id FROM unnest(${bind(genreIds)}::text[]) AS genre, unnest(${audiences}) AS seen,
      LATERAL (
        SELECT id FROM search.films_by_genre
        WHERE genre_id = genre AND audience = seen AND id NOT IN ${excluded}
        ORDER BY rating DESC, id DESC LIMIT ${Math.ceil(MOST_FILMS_OF_GENRES / Math.max(genreIds.length, 1))}
      ) AS listed
    )
    SELECT id, type, release_year AS year, external_rating AS rating, genre_ids AS "genreIds", credits
    FROM candidates JOIN search.film_facts USING (id) LEFT JOIN of_persons USING (id)
    WHERE audience = ANY(${audiences}) AND id NOT IN ${excluded}`,
    values,
  )
  return rows.map(({ credits, ...row }) => ({ ...row, credits: (credits ?? []).flatMap(creditOf) }))
}
