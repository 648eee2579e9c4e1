import { slug } from '@cinegraph/kit/catalogue-text'
import { expect, it } from 'vitest'
import { slugOf } from './film-slug.js'

it.each([
  [{ en: 'Les Vampires', ru: 'Вампиры' }, 1915, 'les-vampires-1915'],
  [{ ru: 'Броненосец «Потёмкин»' }, 1925, 'bronenosets-potyomkin-1925'],
  [{ en: 'Amélie — Le Fabuleux…' }, null, 'amelie-le-fabuleux'],
  [{ en: '!!!' }, 1999, 'film-1999'],
  [{ en: '羅生門' }, null, 'film'],
  [{ en: '  -M- ' }, 1931, 'm-1931'],
  [{ en: 'A_b & c' }, null, 'a-b-and-c'],
])('makes a slug of %o of %s: %s', (title, releaseYear, expected) => {
  expect(slugOf({ title, releaseYear })).toBe(expected)
  expect(slug.parse(expected)).toBe(expected)
})
