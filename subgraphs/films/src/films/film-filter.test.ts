import { AppError } from '@cinegraph/kit/errors'
import { describe, expect, it } from 'vitest'
import { type FilmFilterInput, parseFilmFilter } from './film-filter.js'

const ID = '0b6f1c1e-6f0e-5a53-9f3c-3a3a0d6f2b11'
const OTHER = '7c1de0a4-52f1-5a0e-8a44-1f6a5c1b9d02'

const refusal = (input: FilmFilterInput) => {
  try {
    parseFilmFilter(input)
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('parseFilmFilter', () => {
  it.each([undefined, null, {}, { genreIds: [], types: null, persons: [], yearTo: null }])(
    'takes %o for no condition',
    (input) => {
      expect(parseFilmFilter(input)).toEqual({})
    },
  )

  it('keeps every condition', () => {
    const conditions = {
      genreIds: [ID],
      allGenreIds: [OTHER],
      excludedGenreIds: [ID, OTHER],
      statuses: ['DRAFT'],
      types: ['MOVIE'],
      yearFrom: 1920,
      yearTo: 1920,
      ratingFrom: 0,
      ratingTo: 10,
      seasonsFrom: 0,
      seasonsTo: 200,
      ageRatings: [0, 18],
      ageRatingTo: 0,
      countries: ['FR'],
      excludedCountries: ['SU'],
    } satisfies FilmFilterInput
    expect(parseFilmFilter(conditions)).toEqual(conditions)
  })

  it('takes a person without a role for one in any role', () => {
    const persons = [{ id: ID, role: 'ACTOR' as const }, { id: OTHER, role: null }, { id: OTHER }]
    expect(parseFilmFilter({ persons })).toEqual({
      persons: [{ id: ID, role: 'ACTOR' }, { id: OTHER }, { id: OTHER }],
    })
  })

  it('reads ids as the database writes them', () => {
    expect(parseFilmFilter({ genreIds: [ID.toUpperCase()] })).toEqual({ genreIds: [ID] })
  })

  it.each<[FilmFilterInput, string]>([
    [{ genreIds: ['drama'] }, 'filter.genreIds.0: must be an id'],
    [{ genreIds: Array(51).fill(ID) as string[] }, 'filter.genreIds: must have at most 50 items'],
    [
      { persons: Array(11).fill({ id: ID }) as { id: string }[] },
      'filter.persons: must have at most 10 items',
    ],
    [{ persons: [{ id: 'x' }] }, 'filter.persons.0.id: must be an id'],
    [{ yearFrom: 1066 }, 'filter.yearFrom: must be between 1870 and 2100'],
    [{ yearFrom: 1930, yearTo: 1920 }, 'filter.yearTo: must not be before yearFrom'],
    [{ allGenreIds: ['drama'] }, 'filter.allGenreIds.0: must be an id'],
    [
      { excludedGenreIds: Array(51).fill(ID) as string[] },
      'filter.excludedGenreIds: must have at most 50 items',
    ],
    [
      { excludedCountries: ['France'] },
      'filter.excludedCountries.0: must be two capital letters, such as FR',
    ],
    [{ ageRatingTo: 22 }, 'filter.ageRatingTo: must be between 0 and 21'],
    [{ ratingTo: 11 }, 'filter.ratingTo: must be between 0 and 10'],
    [{ ratingFrom: 8, ratingTo: 7.5 }, 'filter.ratingTo: must not be less than ratingFrom'],
    [{ seasonsFrom: -1 }, 'filter.seasonsFrom: must be between 0 and 200'],
    [{ seasonsTo: 201 }, 'filter.seasonsTo: must be between 0 and 200'],
    [{ seasonsFrom: 3, seasonsTo: 2 }, 'filter.seasonsTo: must not be less than seasonsFrom'],
    [{ ageRatings: [-1] }, 'filter.ageRatings.0: must be between 0 and 21'],
    [{ countries: ['fr'] }, 'filter.countries.0: must be two capital letters, such as FR'],
  ])('refuses %o', (input, message) => {
    expect(refusal(input)).toBe(`BAD_USER_INPUT ${message}`)
  })
})
