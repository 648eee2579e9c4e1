import { expect, it } from 'vitest'
import { changesBetween } from './changes.js'

it('names every field that differs, and no other', () => {
  const before = { year: 1926, title: 'Metropolis', runtime: 153 }
  expect(changesBetween(before, { ...before, year: 1927, runtime: null })).toEqual([
    { field: 'runtime', before: 153, after: null },
    { field: 'year', before: 1926, after: 1927 },
  ])
})

it('takes absent and null for the same', () => {
  expect(changesBetween({ tagline: null }, {})).toEqual([])
  expect(changesBetween({}, { tagline: 'T' })).toEqual([
    { field: 'tagline', before: null, after: 'T' },
  ])
})

it('compares texts language by language', () => {
  const before = { title: { en: 'M', ru: 'М' } }
  expect(changesBetween(before, { title: { en: 'M!', ru: 'М' } })).toEqual([
    { field: 'title.en', before: 'M', after: 'M!' },
  ])
  expect(changesBetween(before, { title: null })).toEqual([
    { field: 'title.en', before: 'M', after: null },
    { field: 'title.ru', before: 'М', after: null },
  ])
})

it('compares lists as a whole, in their order', () => {
  expect(changesBetween({ countries: ['DE', 'US'] }, { countries: ['DE', 'US'] })).toEqual([])
  expect(changesBetween({ countries: ['DE', 'US'] }, { countries: ['US', 'DE'] })).toEqual([
    { field: 'countries', before: ['DE', 'US'], after: ['US', 'DE'] },
  ])
})
