import type { FilmSort } from '@cinegraph/engines/search/search-index'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'

export const FilmSortField = {
  RELEVANCE: 'RELEVANCE',
  TITLE: 'TITLE',
  RELEASE_DATE: 'RELEASE_DATE',
  EXTERNAL_RATING: 'EXTERNAL_RATING',
  RANDOM: 'RANDOM',
} as const
export type FilmSortField = (typeof FilmSortField)[keyof typeof FilmSortField]

export const SortDirection = { ASC: 'ASC', DESC: 'DESC' } as const
export type SortDirection = (typeof SortDirection)[keyof typeof SortDirection]

/** What a client may send as a sort. */
export interface FilmSortInput {
  readonly field: FilmSortField
  readonly direction: SortDirection
  readonly seed?: number | null | undefined
}

export const LAST_SEED = 2 ** 31 - 1
const BEST_FIRST: FilmSort = { field: 'RELEVANCE', direction: 'DESC' }
const RANGE = `must be between 0 and ${LAST_SEED}`

const seedSchema = z
  .number({ error: 'is required with RANDOM' })
  .int(RANGE)
  .min(0, RANGE)
  .max(LAST_SEED, RANGE)

/** The index's sort. Throws BAD_USER_INPUT for RANDOM without a seed of 0 to 2^31 - 1. */
export function parseFilmSort(sort: FilmSortInput | null | undefined): FilmSort {
  if (sort == null || sort.field === 'RELEVANCE') return BEST_FIRST
  const { field, direction } = sort
  if (field !== 'RANDOM') return { field, direction }
  const { seed } = validate(z.object({ seed: seedSchema }), { seed: sort.seed }, 'sort')
  return { field, direction, seed }
}
