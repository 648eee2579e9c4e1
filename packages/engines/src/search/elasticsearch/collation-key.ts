import type { IndexLanguage } from '../search-index.js'
import { storable } from '../storable.js'

const MOST_CHARACTERS = 200
const OWN_SCRIPT = { en: /\p{Script=Latin}/u, ru: /\p{Script=Cyrillic}/u }
// own letters stand before all others; both are after digits, and digits after the rest
const [REST, DIGIT, OWN, OTHER] = ['1', '2', '3', '4']
const SEPARATOR = '\u0001'

/**
 * A text that sorts by code points as `name` does for readers of `language`: letters of their script first, whatever their case and
 * marks; of equals, the plain one first. Elasticsearch has no collations of its own.
 */
export function collationKey(name: string, language: IndexLanguage): string {
  const text = storable(name.slice(0, MOST_CHARACTERS))
  // `й` is a letter of its own, not an `и` with a mark
  const letters = text.normalize('NFKD').replace(/(и\u0306)/giu, (short) => short.normalize('NFC'))
  const bare = letters.toLowerCase().replace(/\p{M}/gu, '')
  const ranked = Array.from(bare, (letter) => rankOf(letter, language) + letter).join('')
  const marked = letters.toLowerCase()
  // lower case first, as in the Unicode collation
  const cased = Array.from(text, (letter) => (letter === letter.toLowerCase() ? '0' : '1')).join('')
  return [ranked, marked, cased].join(SEPARATOR)
}

function rankOf(letter: string, language: IndexLanguage): string {
  if (OWN_SCRIPT[language].test(letter)) return OWN
  if (/\p{L}/u.test(letter)) return OTHER
  return /\p{N}/u.test(letter) ? DIGIT : REST
}
