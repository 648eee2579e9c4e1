import { isWord, type Reading, type Word, wordsIn } from '../reading/reading.js'
import type { Bind } from './connection.js'

/** Words in the grammar of tsquery, each in any of its forms. */
const anyForms = (words: readonly Word[], suffix = ''): string =>
  words
    .map(({ forms, near }) => [...forms, ...near].map((it) => `'${it}'${suffix}`).join(' | '))
    .map((forms) => `(${forms})`)
    .join(' & ')

const phrases = (reading: Reading, suffix: string): string =>
  reading
    .flatMap((it) =>
      'phrase' in it ? [it.phrase.map((word) => `'${word}'${suffix}`).join(' <-> ')] : [],
    )
    .map((it) => `(${it})`)
    .join(' & ')

/** SQL of a tsquery over stems; `weights` limits it to parts of a document, e.g. `AB`. */
export function questionSql(bind: Bind, reading: Reading, weights = ''): string {
  const suffix = weights && `:${weights}`
  const together = phrases(reading, suffix)
  const words = wordsIn(reading)
  const parts = [
    ...(words.length > 0 || together === ''
      ? [`search.question(${bind(anyForms(words, suffix))})`]
      : []),
    // no word of a phrase may be left out
    ...(together === '' ? [] : [`to_tsquery('search.stems', ${bind(together)})`]),
  ]
  return parts.join(' && ')
}

/** SQL of a tsquery over words as they are, wherever they stand. */
export function literalSql(bind: Bind, reading: Reading): string {
  const words = reading.flatMap((it): Word[] => {
    if (isWord(it)) return [it]
    return 'phrase' in it ? it.phrase.map((word) => ({ forms: [word], near: [] })) : []
  })
  return `to_tsquery('simple', ${bind(anyForms(words))})`
}
