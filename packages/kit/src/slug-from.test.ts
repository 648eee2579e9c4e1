import { expect, test } from 'vitest'
import { slug } from './catalogue-text.js'
import { freeSlug, slugFrom } from './slug-from.js'

test.each([
  ['Buster Keaton', 'buster-keaton'],
  ['Amélie Poulain', 'amelie-poulain'],
  ['Łódź Straße', 'lodz-strasse'],
  ['Ronald McDonald', 'ronald-mcdonald'],
  ["L'Âge d'or", 'l-age-d-or'],
])('%s becomes %s', (en, made) => {
  expect(slugFrom({ en })).toBe(made)
})

test('Russian is written in Latin letters, where there is nothing English', () => {
  const ru = 'Ёж и Сергей Щукин'
  expect(slugFrom({ ru })).toBe('yozh-i-sergey-schukin')
  expect(slugFrom({ ru, en: '!!!' })).toBe('yozh-i-sergey-schukin')
  expect(slugFrom({ ru, en: 'The Hedgehog' })).toBe('the-hedgehog')
})

test.each([{}, { en: '黒澤明' }, { ru: '…' }])('nothing can be made of %j', (texts) => {
  expect(slugFrom(texts)).toBeUndefined()
})

test.each([
  ['words', 'very long words '.repeat(20)],
  ['one word', 'ю'.repeat(200)],
  ['a word that ends where it is cut', `${'x'.repeat(90)} ${'y'.repeat(90)}`],
])('a long text of %s is a slug, with a number too', (_, text) => {
  const made = slugFrom({ en: text })!
  expect(made.length).toBeGreaterThan(80)
  expect(slug.safeParse(`${made}-12345678`).success).toBe(true)
})

test.each([
  [[] as string[], 'lang'],
  [['lang', 'lang-2', 'lang-4'], 'lang-3'],
  [['lang', ...Array.from({ length: 120 }, (_, index) => `lang-${index + 2}`)], 'lang-122'],
])('where %j are taken, %s is free', async (taken, free) => {
  const takenOf = async (slugs: readonly string[]) =>
    new Set(slugs.filter((it) => taken.includes(it)))
  expect(await freeSlug('lang', takenOf)).toBe(free)
})
