import { describe, expect, test } from 'vitest'
import { parseRecord } from './record.js'

const problemsOf = (fields: object, kind: 'film' | 'person' | 'genre' = 'film') => {
  const result = parseRecord(kind, { kind, slug: 'a', ...fields })
  return 'problems' in result
    ? result.problems.map(({ field, message }) => `${field}: ${message}`)
    : []
}
const long = (length: number) => 'x'.repeat(length)
const many = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index))
const credit = { person: 'p', role: 'ACTOR' }
const letters = (index: number) => String.fromCharCode(97 + index)

describe('a film', () => {
  test.each<[string, object, object]>([
    ['slug: must have at most 100 characters', { slug: long(101) }, { slug: long(100) }],
    [
      'title.en: must have at most 200 characters',
      { title: { en: long(201) } },
      { title: { en: long(200) } },
    ],
    ['title.de: is not known', { title: { de: 'M' } }, { title: {} }],
    [
      'description.ru: must have at most 5000 characters',
      { description: { ru: long(5_001) } },
      { description: { ru: long(5_000) } },
    ],
    [
      'tagline.en: may not hold control characters',
      { tagline: { en: 'a\u0007b' } },
      { tagline: null },
    ],
    [
      'originalLanguage: must be the ISO 639-1 code of a language, such as fr',
      { originalLanguage: 'qq' },
      { originalLanguage: 'fr' },
    ],
    [
      'releaseDate: must be a date, YYYY-MM-DD, from 1870-01-01 to 2100-12-31',
      { releaseDate: '1931-02-30' },
      { releaseDate: '2100-12-31' },
    ],
    [
      'releaseYear: must be a whole number from 1870 to 2100',
      { releaseYear: 1869 },
      { releaseYear: 1870 },
    ],
    [
      'runtimeMinutes: must be a whole number from 1 to 1500',
      { runtimeMinutes: 0.5 },
      { runtimeMinutes: 1_500 },
    ],
    ['ageRating: must be a whole number from 0 to 21', { ageRating: 22 }, { ageRating: 21 }],
    [
      'countries.0: must be the ISO 3166-1 alpha-2 code of a country, such as FR',
      { countries: ['ZZ'] },
      { countries: ['SU'] },
    ],
    ['countries: must be at most 20', { countries: many(21, () => 'FR') }, { countries: null }],
    ['countries: must be there once each', { countries: ['FR', 'FR'] }, { countries: ['FR'] }],
    ['genres: must be at most 20', { genres: many(21, letters) }, { genres: many(20, letters) }],
    [
      'credits: must be at most 3000',
      { credits: many(3_001, () => credit) },
      { credits: many(3_000, () => credit) },
    ],
    [
      'credits.0.character: must have at most 200 characters',
      { credits: [{ ...credit, character: long(201) }] },
      { credits: [{ ...credit, character: null }] },
    ],
    [
      'credits.0.name: must be there in one language at least',
      { credits: [{ ...credit, name: {} }] },
      { credits: [{ ...credit, name: { ru: 'П' } }] },
    ],
    [
      'externalRating: must be a number from 0 to 10',
      { externalRating: 10.1 },
      { externalRating: 10 },
    ],
    [
      'trailerUrl: must be an address that begins with https://',
      { trailerUrl: 'http://a.org' },
      { trailerUrl: 'https://a.org' },
    ],
    [
      'hiddenWithoutRole: must be true or false',
      { hiddenWithoutRole: 'maybe' },
      { hiddenWithoutRole: null },
    ],
    [
      'publishAt: must be a time, such as 2030-01-31T18:00:00Z',
      { publishAt: '2030-01-31' },
      { publishAt: '2030-01-31T18:00:00+03:00' },
    ],
    [
      'externalIds: must be at most 20',
      { externalIds: Object.fromEntries(many(21, (it) => [letters(it), '1'])) },
      { externalIds: null },
    ],
    [
      'externalIds.imdb: must have at most 100 characters',
      { externalIds: { imdb: long(101) } },
      { externalIds: { imdb: long(100) } },
    ],
    [
      'seasons: must have each number once',
      { seasons: [{ number: 1 }, { number: 1 }] },
      { seasons: [{ number: 0 }, { number: 200 }] },
    ],
    [
      'seasons.0.number: must be a whole number from 0 to 200',
      { seasons: [{ number: 201 }] },
      { seasons: null },
    ],
    [
      'seasons.0.episodes.0.number: must be a whole number from 0 to 2000',
      { seasons: [{ number: 1, episodes: [{ number: -1 }] }] },
      { seasons: [{ number: 1, episodes: [{ number: 2_000 }] }] },
    ],
    ['color: is not known', { color: true }, {}],
  ])('is refused: %s', (problem, wrong, right) => {
    expect(problemsOf(wrong)).toEqual([problem])
    expect(problemsOf(right)).toEqual([])
  })

  test('may not lose what it always has', () => {
    const fields = ['type', 'originalTitle', 'originalLanguage', 'ageRating', 'status', 'slug']
    for (const field of fields) expect(problemsOf({ [field]: null })).toHaveLength(1)
  })

  test('is read in one form', () => {
    const value = {
      ...{
        kind: 'film',
        slug: 'a',
        title: { en: '  Amélie ' },
        publishAt: '2030-01-01T03:00:00+03:00',
      },
      seasons: [{ number: 2, title: { en: null } }, { number: 1 }],
    }
    expect(parseRecord('film', value)).toMatchObject({
      record: {
        ...{ title: { en: 'Amélie' }, publishAt: '2030-01-01T00:00:00.000Z' },
        seasons: [
          { number: 1, title: {}, description: {}, releaseDate: null, episodes: [] },
          { number: 2, title: {} },
        ],
      },
    })
  })
})

test.each<[string, object]>([
  ['name.en: must have at most 200 characters', { name: { en: long(201) } }],
  ['biography.en: must have at most 10000 characters', { biography: { en: long(10_001) } }],
  [
    `birthDate: must be a date, YYYY-MM-DD, from 1700-01-01 to ${new Date().toISOString().slice(0, 10)}`,
    { birthDate: '0000-01-01' },
  ],
])('a person is refused: %s', (problem, wrong) => {
  expect(problemsOf(wrong, 'person')).toEqual([problem])
})

test.each<[string, object]>([
  ['name.en: must have at most 60 characters', { name: { en: long(61) } }],
  ['description.en: must have at most 1000 characters', { description: { en: long(1_001) } }],
])('a genre is refused: %s', (problem, wrong) => {
  expect(problemsOf(wrong, 'genre')).toEqual([problem])
})

test('fifty of the problems of one row are told, and how many there are besides', () => {
  const externalIds = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`x${at}`, 1]))
  const result = parseRecord('film', { kind: 'film', slug: 'm', externalIds })
  const problems = 'problems' in result ? result.problems : []
  expect(problems).toHaveLength(51)
  expect(problems.at(-1)).toEqual({ field: '', message: 'and 30 more' })
})
