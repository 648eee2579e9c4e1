import {
  genresIn,
  isPlain,
  isTextual,
  type Reading,
  wholeNames,
  withoutNear,
} from '../reading/reading.js'
import type { Bind } from './connection.js'
import { literalSql, questionSql } from './question.js'

/** All words of a row, and those of its titles alone, as they are indexed. */
export const WORDS = 'search.looked_up(words)'
export const TITLE_WORDS = `search.looked_up(ts_filter(key_words, '{a}'))`

/** Of whole names: a name may be longer than an index takes. */
export const NAME_HASHES = 'search.hashes(names)'

/** Whether a row has all that the reading asks for, in `words`, of the index where nothing else is said. */
export const matchesSql = (bind: Bind, reading: Reading, words = WORDS): string =>
  [
    ...(isTextual(reading) ? [`${words} @@ (${questionSql(bind, reading)})`] : []),
    ...genresIn(reading).map(({ ids }) => `genre_ids && ${bind(ids)}::text[]`),
  ].join(' AND ')

/**
 * Whether a row is among the best that match: its titles have all words, or are what was typed. All of these outrank all others, of
 * a reading without corrections, and are found without a look at what only persons and descriptions have, which may be much of the catalogue.
 */
export function bestSql(bind: Bind, reading: Reading): string {
  const names = `${bind(wholeNames(reading))}::text[]`
  const named = `${NAME_HASHES} && search.hashes(${names}) AND names && ${names} AND ${matchesSql(bind, reading, 'words')}`
  return `(${matchesSql(bind, reading, TITLE_WORDS)} OR ${named})`
}

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
    ${typedSql(bind, reading, words)}
    + CASE WHEN names && ${bind(wholeNames(reading))}::text[] THEN 5 WHEN ${within('A')} THEN 4
      WHEN ${within('AB')} THEN 3 WHEN ${within('ABC')} THEN 2 ELSE 1 END
    + CASE WHEN prefixes @@ ${literalSql(bind, reading)} THEN 0.4 ELSE 0 END
    + ts_rank(${words}, ${questionSql(bind, reading)}) * 0.4 + ${bonus}
  )::numeric, 6)`
}

// a reading without corrections need not be looked up again, nor the description where `words` are enough
function typedSql(bind: Bind, reading: Reading, words: string): string {
  if (isPlain(reading)) return '10'
  const typed = withoutNear(reading)
  return `CASE WHEN ${words} @@ (${questionSql(bind, typed)}) THEN 10
    WHEN words @@ (${questionSql(bind, typed)}) THEN 10 ELSE 0 END`
}
