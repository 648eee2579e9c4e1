import {
  genresIn,
  isTextual,
  isWord,
  type Reading,
  wholeNames,
  type Word,
  withoutNear,
  wordsIn,
} from '../reading/reading.js'
import { isStopWord } from '../reading/stop-words.js'
import type { Query } from './connection.js'

/** Fields of texts by weight: each has what the one before has, and more. */
type Field = 'title' | 'named' | 'known' | 'all'

/**
 * Scores are whole numbers, so that their sum is exact in any order: a float holds those up to 2^24. A point is the step from one
 * field to the next.
 */
const POINT = 2 ** 19
const points = (count: number) => Math.round(count * POINT)

/** What a rating from 0 to 10 adds: a tenth of a point at most. */
export const bonusOf = (rating: number | null): number =>
  points(Math.min(Math.max(rating ?? 0, 0), 10) / 100)

const everyOne = (filter: Query[]): Query => ({ bool: { filter } })
const worth = (count: number, filter: Query): Query => ({
  constant_score: { filter, boost: points(count) },
})

/** Whether a document has all that the reading asks for. */
export const matches = (reading: Reading): Query =>
  everyOne([
    ...(isTextual(reading) ? [within(reading, 'all')] : []),
    ...genresIn(reading).map(({ ids }): Query => ({ terms: { genre_ids: [...ids] } })),
  ])

function within(reading: Reading, field: Field): Query {
  if (reading.length === 0) return { match_none: {} }
  const words = tellingIn(wordsIn(reading)).map((word): Query => ({
    match: { [field]: [...word.forms, ...word.near].join(' ') },
  }))
  // no word of a phrase may be left out
  const phrases = reading.flatMap((it): Query[] =>
    'phrase' in it ? [{ match_phrase: { [field]: it.phrase.join(' ') } }] : [],
  )
  return everyOne([...words, ...phrases])
}

/** Stop words are left out, unless there are no others. */
function tellingIn(words: readonly Word[]): readonly Word[] {
  const telling = words.filter(({ forms }) => !isStopWord(forms[0]!))
  return telling.length > 0 ? telling : words
}

/**
 * How well a document answers, of it and the reading alone: what happens to others never moves it. What was typed outranks a
 * correction; then counts how much of the document was needed to find every word: a whole name, the titles, also the original
 * title, the persons, the description. What is left prefers words of names as they are to other forms of them, then words that
 * stand in more fields, then the rating.
 */
export function scored(reading: Reading, filter: readonly Query[]): Query {
  const bonus: Query = {
    function_score: {
      functions: [{ field_value_factor: { field: 'bonus', missing: 0 } }],
      boost_mode: 'replace',
    },
  }
  const should = isTextual(reading) ? [bonus, ...textScores(reading)] : [bonus]
  return { bool: { filter: [...filter, matches(reading)], should } }
}

function textScores(reading: Reading): Query[] {
  const isCorrected = wordsIn(reading).some(({ near }) => near.length > 0)
  const tiers = [
    worth(4, { terms: { names: wholeNames(reading) } }),
    worth(3, within(reading, 'title')),
    worth(2, within(reading, 'named')),
    worth(1, within(reading, 'known')),
  ]
  return [
    ...(isCorrected ? [worth(10, matches(withoutNear(reading)))] : []),
    { dis_max: { queries: tiers } },
    worth(0.4, literally(reading)),
  ]
}

/** Words as they are, wherever they stand in names. */
const literally = (reading: Reading): Query =>
  everyOne(
    reading.flatMap((it): Query[] => {
      if (isWord(it)) return [{ terms: { spelled: [...it.forms, ...it.near] } }]
      return 'phrase' in it ? it.phrase.map((word) => ({ term: { spelled: word } })) : []
    }),
  )
