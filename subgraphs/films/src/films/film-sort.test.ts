import { expect, it } from 'vitest'
import { type FilmSortInput, parseFilmSort } from './film-sort.js'

const random = { field: 'RANDOM', direction: 'ASC' } as const

it.each<[FilmSortInput | null | undefined, object]>([
  [undefined, { field: 'RELEVANCE', direction: 'DESC' }],
  [null, { field: 'RELEVANCE', direction: 'DESC' }],
  [
    { field: 'RELEVANCE', direction: 'ASC' },
    { field: 'RELEVANCE', direction: 'DESC' },
  ],
  [
    { field: 'TITLE', direction: 'ASC', seed: 7 },
    { field: 'TITLE', direction: 'ASC' },
  ],
  [
    { ...random, seed: 0 },
    { ...random, seed: 0 },
  ],
  [
    { ...random, seed: 2_147_483_647 },
    { ...random, seed: 2_147_483_647 },
  ],
])('reads %j', (given, expected) => {
  expect(parseFilmSort(given)).toEqual(expected)
})

it.each<[FilmSortInput, string]>([
  [random, 'sort.seed: is required with RANDOM'],
  [{ ...random, seed: null }, 'sort.seed: is required with RANDOM'],
  [{ ...random, seed: -1 }, 'sort.seed: must be between 0 and 2147483647'],
  [{ ...random, seed: 2_147_483_648 }, 'sort.seed: must be between 0 and 2147483647'],
])('refuses %j', (given, message) => {
  let error: unknown
  try {
    parseFilmSort(given)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({
    code: 'BAD_USER_INPUT',
    message,
    details: { argument: ['sort', 'seed'] },
  })
})
