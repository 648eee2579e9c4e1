import { AppError } from '@cinegraph/kit/errors'
import { validate } from '@cinegraph/kit/validate'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { filmChange, newFilm, publishTime, seasonChange } from './film.rules.js'

const refusal = (schema: z.ZodType, value: unknown, name = 'input') => {
  try {
    validate(schema, value, name)
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.message}`
    throw error
  }
  return 'accepted'
}
const day = (text: string) => new Date(`${text}T00:00:00Z`)
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ source: `s${index}`, value: '1' }))

describe('filmChange', () => {
  it('takes the least and the most of everything', () => {
    const texts = { title: 't'.repeat(200), description: 'd\n'.repeat(2_500), tagline: 'l' }
    const given = {
      slug: 's'.repeat(100),
      translations: { en: texts, ru: null },
      releaseDate: day('1870-01-01'),
      releaseYear: 2100,
      runtimeMinutes: 1_500,
      ageRating: 21,
      countries: ['SU', 'FR', 'SU'],
      originalLanguage: 'ka',
      externalRating: 10,
      creditsStartSec: 90_000,
      trailerUrl: 'https://example.org/x?y=1',
      requiredRole: 'early-access',
      externalIds: many(20),
    }
    const taken = validate(filmChange, given, 'input')
    expect(taken).toMatchObject({
      releaseDate: '1870-01-01',
      countries: ['SU', 'FR'],
      translations: { en: { description: 'd\n'.repeat(2_500).trim() }, ru: null },
    })
    expect(Object.keys(taken.externalIds!)).toHaveLength(20)
    const least = { runtimeMinutes: 1, ageRating: 0, externalRating: 0, releaseYear: 1870 }
    expect(validate(filmChange, least, 'input')).toEqual(least)
  })

  it('clears what a film can be without, and says nothing of what is absent', () => {
    const cleared = {
      runtimeMinutes: null,
      releaseDate: null,
      trailerUrl: null,
      requiredRole: null,
    }
    expect(validate(filmChange, cleared, 'input')).toEqual(cleared)
    expect(validate(filmChange, {}, 'input')).toEqual({})
    const lists = { countries: null, externalIds: null }
    expect(validate(filmChange, lists, 'input')).toEqual({ countries: [], externalIds: {} })
  })

  it.each<[object, string]>([
    [
      { slug: 'A b' },
      'slug: must be lower-case Latin letters and digits, with hyphens between words',
    ],
    [{ slug: 's'.repeat(101) }, 'slug: must have at most 100 characters'],
    ...['slug', 'type', 'translations', 'originalTitle', 'originalLanguage', 'ageRating'].map(
      (field): [object, string] => [{ [field]: null }, `${field}: cannot be cleared`],
    ),
    [{ hiddenWithoutRole: null }, 'hiddenWithoutRole: cannot be cleared'],
    [{ translations: { en: { title: null } } }, 'translations.en.title: cannot be cleared'],
    [{ translations: { en: { title: ' ' } } }, 'translations.en.title: must not be empty'],
    [
      { translations: { en: { title: 't'.repeat(201) } } },
      'translations.en.title: must have at most 200 characters',
    ],
    [
      { translations: { ru: { description: 'd'.repeat(5_001) } } },
      'translations.ru.description: must have at most 5000 characters',
    ],
    [
      { translations: { ru: { tagline: 't'.repeat(201) } } },
      'translations.ru.tagline: must have at most 200 characters',
    ],
    [{ originalTitle: '' }, 'originalTitle: must not be empty'],
    [{ originalLanguage: 'xx' }, 'originalLanguage: must be a language in ISO 639-1, such as fr'],
    [{ originalLanguage: 'FR' }, 'originalLanguage: must be a language in ISO 639-1, such as fr'],
    [
      { countries: ['FR', 'XX'] },
      'countries.1: must be a country in ISO 3166-1 alpha-2, such as FR',
    ],
    [{ countries: ['EU'] }, 'countries.0: must be a country in ISO 3166-1 alpha-2, such as FR'],
    [{ countries: ['fr'] }, 'countries.0: must be a country in ISO 3166-1 alpha-2, such as FR'],
    [{ countries: Array(21).fill('FR') }, 'countries: must have at most 20 items'],
    [{ ageRating: 22 }, 'ageRating: must be between 0 and 21'],
    [{ runtimeMinutes: 0 }, 'runtimeMinutes: must be between 1 and 1500'],
    [{ runtimeMinutes: 1_501 }, 'runtimeMinutes: must be between 1 and 1500'],
    [{ creditsStartSec: 90_001 }, 'creditsStartSec: must be between 1 and 90000'],
    [{ externalRating: 10.1 }, 'externalRating: must be between 0 and 10'],
    [{ externalRating: NaN }, 'externalRating: must be between 0 and 10'],
    [{ releaseDate: day('1869-12-31') }, 'releaseDate: must be between 1870-01-01 and 2100-12-31'],
    [{ releaseDate: day('2101-01-01') }, 'releaseDate: must be between 1870-01-01 and 2100-12-31'],
    [{ releaseYear: 2_101 }, 'releaseYear: must be between 1870 and 2100'],
    [{ trailerUrl: 'http://example.org' }, 'trailerUrl: must be an https URL'],
    [{ trailerUrl: 'javascript:alert(1)' }, 'trailerUrl: must be an https URL'],
    [
      { trailerUrl: `https://example.org/${'x'.repeat(2_000)}` },
      'trailerUrl: must have at most 2000 characters',
    ],
    [
      { requiredRole: 'Premium!' },
      'requiredRole: must be lower-case Latin letters and digits, with hyphens between words',
    ],
    [{ requiredRole: 'r'.repeat(33) }, 'requiredRole: must have at most 32 characters'],
    [{ externalIds: many(21) }, 'externalIds: must have at most 20 items'],
    [{ externalIds: [...many(1), ...many(1)] }, 'externalIds: must name each source once'],
    [
      { externalIds: [{ source: 'IMDb', value: '1' }] },
      'externalIds.0.source: must be lower-case Latin letters and digits, with hyphens between words',
    ],
    [
      { externalIds: [{ source: 's'.repeat(33), value: '1' }] },
      'externalIds.0.source: must have at most 32 characters',
    ],
    [
      { externalIds: [{ source: 'imdb', value: 'v'.repeat(101) }] },
      'externalIds.0.value: must have at most 100 characters',
    ],
  ])('refuses %o', (change, message) => {
    expect(refusal(filmChange, change)).toBe(`BAD_USER_INPUT input.${message}`)
  })

  it('names every field that is wrong', () => {
    const change = { ageRating: 22, runtimeMinutes: 0, releaseYear: 1, countries: ['XX'] }
    try {
      validate(filmChange, change, 'input')
      expect.unreachable()
    } catch (error) {
      const { problems } = (error as AppError).details
      expect(problems!.map(({ argument }) => argument.slice(1).join('.')).sort()).toEqual([
        'ageRating',
        'countries.0',
        'releaseYear',
        'runtimeMinutes',
      ])
    }
  })
})

describe('newFilm', () => {
  it('needs a type, texts, a language and an age', () => {
    const { success, error } = newFilm.safeParse({})
    expect(success).toBe(false)
    expect(error!.issues.map(({ path }) => path.join('.')).sort()).toEqual([
      'ageRating',
      'originalLanguage',
      'translations',
      'type',
    ])
  })
})

describe('seasonChange', () => {
  it.each<[object, string]>([
    [{ number: -1 }, 'number: must be between 0 and 200'],
    [{ episodes: [{ number: -1 }] }, 'episodes.0.number: must be between 0 and 2000'],
    [{ episodes: Array(2_002).fill({ number: 1 }) }, 'episodes: must have at most 2001 items'],
  ])('refuses %o', (given, message) => {
    const season = { number: 1, episodes: [], ...given }
    expect(refusal(seasonChange, season, 'season')).toContain(`season.${message}`)
  })
})

describe('publishTime', () => {
  const now = new Date('2024-02-29T12:00:00Z')

  it.each([
    ['2024-02-29T12:00:00.000Z', 'must be in the future'],
    ['2024-02-29T12:00:00.001Z', 'accepted'],
    ['2029-03-01T12:00:00.000Z', 'accepted'],
    ['2029-03-01T12:00:00.001Z', 'must be within 5 years'],
  ])('judges %s: %s', (time, judgement) => {
    expect(refusal(publishTime(now), new Date(time), 'publishAt')).toContain(judgement)
  })
})
