import { expect, it } from 'vitest'
import { tokensOf, wordsOf } from './words.js'

it.each([
  ['Amélie', ['amelie']],
  ['Ёлки', ['елки']],
  ['Е\u0308лки', ['елки']],
  ['Чайка и йод', ['чайка', 'и', 'йод']],
  ['И\u0306од', ['йод']],
  ['Человек-паук', ['человек', 'паук']],
  ["Don't Look Now", ['dont', 'look', 'now']],
  ['L’Atalante', ['l', 'atalante']],
  ["Ocean's Eleven", ['oceans', 'eleven']],
  ['Smultronstället, Łódź, Straße, Æon', ['smultronstallet', 'lodz', 'strasse', 'aeon']],
  ['İstanbul', ['istanbul']],
  ['8½', ['812']],
  ['ﬁlm', ['film']],
  ['2001: A Space Odyssey', ['2001', 'a', 'space', 'odyssey']],
  ['🎬 & | ! :* \0 <->', []],
  ['גְּדוֹלָה', ['גדולה']],
  ['', []],
])('takes the words of %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

it('tells where words stand in the original text', () => {
  const text = '«Амели́» 🎬 Amélie'
  expect([...tokensOf(text)].map(({ start, end }) => text.slice(start, end))).toEqual([
    'Амели́',
    'Amélie',
  ])
})

it('considers no more words than asked for', () => {
  expect(wordsOf('a b c d', 2)).toEqual(['a', 'b'])
})

it('cuts a word that is too long, never through a letter', () => {
  expect(wordsOf('я'.repeat(1_000))).toEqual(['я'.repeat(64)])
  expect(wordsOf('a' + '𐐨'.repeat(100))).toEqual(['a' + '𐐨'.repeat(31)])
})

it('gives the same words when it reads its own output', () => {
  const words = wordsOf('Ångström İ ﬃ ½ Ёж И\u0306 don’t ẞ')
  expect(wordsOf(words.join(' '))).toEqual(words)
})
