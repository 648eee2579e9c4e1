import { expect, it } from 'vitest'
import { demoFilms } from '../judged/demo-catalogue.contract.js'
import { collationKey } from './collation-key.js'

const sorted = (names: readonly string[], language: 'en' | 'ru') =>
  names
    .map((name) => [collationKey(name, language), name] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([, name]) => name)

it.each(['en', 'ru'] as const)('sorts titles and names as readers of %s do', async (language) => {
  const films = await demoFilms()
  const names = films.flatMap(({ title, originalTitle, credits }) => [
    ...Object.values(title),
    originalTitle,
    ...credits.flatMap(({ name }) => Object.values(name)),
  ])
  // letters and spaces: of punctuation it knows only that it stands before them
  const plain = [...new Set(names)].filter((name) => /^[\p{L}\p{N} ]+$/u.test(name))
  expect(plain.length).toBeGreaterThan(1_000)
  const { compare } = new Intl.Collator(language)
  expect(sorted(plain, language)).toEqual(plain.toSorted(compare))
})

it('tells equals apart: the plain one first, then by marks and by case', () => {
  const names = ['resume', 'Resume', 'résumé', 'Résumé', 'resumes', 'resume 2']
  expect(sorted(names.toReversed(), 'en')).toEqual([
    ...['resume', 'Resume', 'résumé', 'Résumé', 'resume 2', 'resumes'],
  ])
})

it('is bounded, and holds nothing that cannot be stored', () => {
  expect(collationKey('я\0\uD83C'.repeat(10_000), 'ru').length).toBeLessThan(1_500)
  expect(collationKey('a\0\uD83C', 'en')).toBe(collationKey('a', 'en'))
})
