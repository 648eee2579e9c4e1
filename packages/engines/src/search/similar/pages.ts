import { createHash } from 'node:crypto'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { AppError } from '@cinegraph/kit/errors'
import { z } from 'zod'
import type { SimilarPage, SimilarQuery } from '../search-index.js'
import { byId, compare, type Compared, type GenreWeights, seedOf, type Traits } from './likeness.js'

const MOST_WEIGHTS = 1_000

const cursorSchema = z.tuple([
  z.string(),
  z.int().min(0),
  z.string(),
  z.array(z.tuple([z.string(), z.number().min(1).max(100)])).max(MOST_WEIGHTS),
])

/** Where a page of similar films starts. */
export interface SimilarPosition {
  readonly score: number
  readonly id: string
  /** The page before was scored with these: others would move films over its end. */
  readonly weights: GenreWeights
}

/** Throws BAD_USER_INPUT for a cursor of another list. */
export function readPosition({ to, after }: SimilarQuery): SimilarPosition | undefined {
  if (after === undefined) return undefined
  const [mark, score, id, weights] = decodeCursor(cursorSchema, after)
  if (mark === markOf(to)) return { score, id, weights: new Map(weights) }
  throw new AppError('BAD_USER_INPUT', 'after: is a cursor of other films', { argument: ['after'] })
}

export interface Comparison {
  readonly query: SimilarQuery
  readonly position: SimilarPosition | undefined
  /** Those of `query.to` that there are. */
  readonly seeds: readonly Traits[]
  readonly weights: GenreWeights
}

/** The page of those `films` that are like the seeds; visible ones, and no seed among them. */
export function pageOf(films: readonly Traits[], comparison: Comparison): SimilarPage {
  const { query, position, seeds, weights } = comparison
  const prepared = seeds.map((seed) => seedOf(seed, weights))
  const similar = films.flatMap((film) => {
    const compared = compare(film, prepared)
    return compared ? [{ id: film.id, ...compared }] : []
  })
  const ranked = similar
    .filter((it) => position === undefined || bestFirst(it, position) > 0)
    .toSorted(bestFirst)
  const hits = ranked.slice(0, query.first).map(({ id, score, likeTo }) => ({
    cursor: encodeCursor([markOf(query.to), score, id, [...weights]]),
    ...{ id, likeTo },
  }))
  return { hits, hasNextPage: ranked.length > query.first, total: similar.length }
}

const bestFirst = (
  left: Pick<Compared, 'score'> & { id: string },
  right: Pick<Compared, 'score'> & { id: string },
): number => right.score - left.score || byId(left, right)

const markOf = (to: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(to)).digest('base64url').slice(0, 8)
