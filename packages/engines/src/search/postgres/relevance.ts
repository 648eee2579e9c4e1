import type { Bind } from './connection.js'
import { asTyped, questionOf, type Reading } from './reading.js'

/** Whether a row has every word of the reading. */
export const matchesSql = (bind: Bind, reading: Reading): string =>
  `words @@ search.question(${bind(questionOf(reading))})`

/**
 * How well a row answers, as a number with six digits that two statements compute alike. What was typed outranks a correction; then
 * counts how much of the document was needed to find every word: a whole name, the titles, also the original title, the persons, the
 * description. The fraction prefers words of names as they are to other forms of them, then frequent and close words, then `bonus`,
 * which is at most 0.1.
 */
export function scoreSql(bind: Bind, reading: Reading, bonus = '0'): string {
  const within = (weights: string) =>
    `words @@ search.question(${bind(questionOf(reading, weights))})`
  const question = bind(questionOf(reading))
  const typed = bind(questionOf(asTyped(reading)))
  const wholeNames = [asTyped(reading), reading.map(([typed, likeliest]) => [likeliest ?? typed])]
  const whole = bind(wholeNames.map((words) => words.join(' ')))
  return `round((
    CASE WHEN words @@ search.question(${typed}) THEN 10 ELSE 0 END
    + CASE WHEN names && ${whole}::text[] THEN 5 WHEN ${within('A')} THEN 4
      WHEN ${within('AB')} THEN 3 WHEN ${within('ABC')} THEN 2 ELSE 1 END
    + CASE WHEN prefixes @@ to_tsquery('simple', ${question}) THEN 0.4 ELSE 0 END
    + ts_rank(words, search.question(${question})) * 0.4 + ${bonus}
  )::numeric, 6)`
}
