import {
  genresIn,
  isTextual,
  type Reading,
  wholeNames,
  withoutNear,
  wordsIn,
} from '../reading/reading.js'
import type { Bind } from './connection.js'
import { literalSql, questionSql } from './question.js'

/** Whether a row has all that the reading asks for. */
export const matchesSql = (bind: Bind, reading: Reading): string =>
  [
    ...(isTextual(reading) ? [`words @@ (${questionSql(bind, reading)})`] : []),
    ...genresIn(reading).map(({ ids }) => `genre_ids && ${bind(ids)}::text[]`),
  ].join(' AND ')

interface Scored {
  /** The column that holds all weighted words but the least important. */
  readonly words: string
  /** SQL of a number, 0 to 0.1. */
  readonly bonus: string
}

/**
 * How well a row answers, as a number with six digits that two statements compute alike, of the row and the reading alone: what
 * happens to other rows never moves it. What was typed outranks a correction; then counts how much of the document was needed to
 * find every word: a whole name, the titles, also the original title, the persons, the description. The fraction prefers words of names as they are to other forms of them, then frequent and close words, then `bonus`.
 */
export function scoreSql(bind: Bind, reading: Reading, { words, bonus }: Scored): string {
  // films of a genre are equal but for the bonus
  if (!isTextual(reading)) return `round((10 + ${bonus})::numeric, 6)`
  const within = (weights: string) => `${words} @@ (${questionSql(bind, reading, weights)})`
  return `round((
    ${typedSql(bind, reading)}
    + CASE WHEN names && ${bind(wholeNames(reading))}::text[] THEN 5 WHEN ${within('A')} THEN 4
      WHEN ${within('AB')} THEN 3 WHEN ${within('ABC')} THEN 2 ELSE 1 END
    + CASE WHEN prefixes @@ ${literalSql(bind, reading)} THEN 0.4 ELSE 0 END
    + ts_rank(${words}, ${questionSql(bind, reading)}) * 0.4 + ${bonus}
  )::numeric, 6)`
}

// a reading without corrections need not be looked up again
function typedSql(bind: Bind, reading: Reading): string {
  if (wordsIn(reading).every(({ near }) => near.length === 0)) return '10'
  return `CASE WHEN ${matchesSql(bind, withoutNear(reading))} THEN 10 ELSE 0 END`
}
