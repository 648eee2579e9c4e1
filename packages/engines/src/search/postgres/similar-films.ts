import { AppError } from '@cinegraph/kit/errors'
import type { SimilarPage, SimilarQuery } from '../search-index.js'
import {
  type FilmCredit,
  genreWeight,
  type GenreWeights,
  type Traits,
  weightiestCredits,
} from '../similar/likeness.js'
import { pageOf, readPosition } from '../similar/pages.js'
import { type Bind, createBindings, type Run } from './connection.js'
import { visibleSql } from './film-filter.js'
import { together } from './together.js'

// what bounds the work: of all seeds together
const MOST_CREDITS = 200
const MOST_FILMS_OF_PERSONS = 500
const MOST_GENRES = 20
const MOST_READ_BY_GENRE = 1_500
const MOST_FILMS_OF_GENRES = 300

export async function findSimilarFilms(run: Run, query: SimilarQuery): Promise<SimilarPage> {
  const position = readPosition(query)
  const { seeds, weights: fresh } = await readSeeds(run, query)
  if (seeds.length === 0) return { hits: [], hasNextPage: false, total: 0 }
  const weights = new Map([...fresh, ...(position?.weights ?? [])])
  const films = await findCandidates(run, { query, seeds, weights })
  return pageOf(films, { query, position, seeds, weights })
}

export function findSimilarLists(
  run: Run,
  queries: readonly SimilarQuery[],
): Promise<(SimilarPage | AppError)[]> {
  const each = together(run)
  return Promise.all(queries.map((query) => findSimilarFilms(each, query).catch(refusal)))
}

function refusal(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
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
      SELECT substr(facet_value, length('GENRE:') + 1) AS genre_id, sum(films)::int AS films
      FROM search.facet_films
      WHERE facet_value LIKE 'GENRE:%' AND ${visibleSql(bind, filter.audiences)} GROUP BY facet_value
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

async function findCandidates(run: Run, search: Search): Promise<Traits[]> {
  const { values, bind } = createBindings()
  const rows = await run<CandidateRow>(candidatesSql(bind, search), values)
  return rows.map(({ credits, ...row }) => ({ ...row, credits: (credits ?? []).flatMap(creditOf) }))
}

/** The films of the seeds' persons, and of their genres; each looked up by itself, whatever the planner expects: else it may read all. */
function candidatesSql(bind: Bind, { query, seeds, weights }: Search): string {
  const { to, filter } = query
  const audiences = `${bind(filter.audiences)}::text[]`
  const excluded = `(SELECT unnest(${bind([...to, ...(filter.excludedIds ?? [])])}::text[]))`
  const credits = seeds.flatMap((seed) => seed.credits)
  const genreIds = seeds.flatMap((seed) => seed.genreIds)
  // JSON is parsed much faster than arrays
  return `WITH looked_up AS (${creditsSql(bind, credits, audiences)}
    ), of_persons AS MATERIALIZED (
      SELECT id, ARRAY(
        SELECT credit FROM unnest(credits) AS credit WHERE credit IN (SELECT credit FROM looked_up)
      ) AS credits
      FROM search.films WHERE credits && (SELECT array_agg(credit) FROM looked_up)
    ), candidates AS MATERIALIZED (
      SELECT id FROM of_persons
      UNION (${ofGenresSql(bind, { genreIds, weights, audiences, excluded })})
    )
    SELECT facts.*, to_json(credits) AS credits FROM candidates, LATERAL (
      SELECT id, type, release_year AS year, external_rating AS rating, to_json(genre_ids) AS "genreIds"
      FROM search.film_facts
      WHERE film_facts.id = candidates.id AND audience = ANY(${audiences}) AND id NOT IN ${excluded}
      OFFSET 0
    ) AS facts LEFT JOIN of_persons USING (id)`
}

/** The credits to look for, those of persons of few films first. */
function creditsSql(bind: Bind, credits: readonly FilmCredit[], audiences: string): string {
  const persons = bind(credits.map(({ personId }) => personId))
  const roles = bind(credits.map(({ role }) => role))
  return `
      SELECT credit FROM (
        SELECT person_id || ':' || role AS credit,
          sum(films) OVER (ORDER BY films, person_id COLLATE "C", role COLLATE "C") AS so_far
        FROM (
          SELECT DISTINCT person_id, role, (
            SELECT sum(films) FROM search.person_films AS counted
            WHERE counted.person_id = given.person_id AND audience = ANY(${audiences})
          ) AS films
          FROM unnest(${persons}::text[], ${roles}::text[]) AS given (person_id, role)
        ) AS known
      ) AS summed WHERE so_far <= ${MOST_FILMS_OF_PERSONS}`
}

interface OfGenres {
  readonly genreIds: readonly string[]
  readonly weights: GenreWeights
  /** SQL. */
  readonly audiences: string
  readonly excluded: string
}

/** Of the films rated best of each genre those that have most of the genres. */
function ofGenresSql(bind: Bind, { genreIds, weights, audiences, excluded }: OfGenres): string {
  const weightOf = (id: string) => weights.get(id) ?? 1
  const rarest = [...new Set(genreIds)]
    .toSorted((left, right) => weightOf(right) - weightOf(left))
    .slice(0, MOST_GENRES)
  const thousandths = rarest.map((id) => Math.round(weightOf(id) * 1_000))
  const ofEach = Math.ceil(MOST_READ_BY_GENRE / Math.max(rarest.length, 1))
  return `
      SELECT listed.id
      FROM unnest(${bind(rarest)}::text[], ${bind(thousandths)}::int[]) AS given (genre, weight),
      unnest(${audiences}) AS seen,
      LATERAL (
        SELECT id, rating FROM search.films_by_genre
        WHERE genre_id = genre AND audience = seen AND id NOT IN ${excluded}
        ORDER BY rating DESC, id DESC LIMIT ${ofEach}
      ) AS listed
      GROUP BY listed.id ORDER BY sum(weight) DESC, max(rating) DESC, listed.id DESC
      LIMIT ${MOST_FILMS_OF_GENRES}`
}
