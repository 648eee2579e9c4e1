import type { Bind } from './connection.js'
import { asTyped, questionOf, type Reading } from './reading.js'

/** Whether a row has every word of the reading. */
export const matchesSql = (bind: Bind, reading: Reading): string =>
  `words @@ search.question(${bind(questionOf(reading))})`

interface Scored {
  /** The column that holds all weighted words but the least important. */
  readonly words: string
  /** SQL of a number, 0 to 0.1. */
  readonly bonus: string
}

/**
 * How well a row answers, as a number with six digits that two statements compute alike. What was typed outranks a correction; then
 * counts how much of the document was needed to find every word: a whole name, the titles, also the original title, the persons, the
 * description. The fraction prefers words of names as they are to other forms of them, then frequent and close words, then `bonus`.
 */
export function scoreSql(bind: Bind, reading: Reading, { words, bonus }: Scored): string {
  const question = bind(questionOf(reading))
  const within = (weights: string) =>
    `${words} @@ search.question(${bind(questionOf(reading, weights))})`
  const wholeNames = [asTyped(reading), reading.map(([typed, likeliest]) => [likeliest ?? typed])]
  const whole = bind(wholeNames.map((forms) => forms.join(' ')))
  return `round((
    ${typedSql(bind, reading)}
    + CASE WHEN names && ${whole}::text[] THEN 5 WHEN ${within('A')} THEN 4
      WHEN ${within('AB')} THEN 3 WHEN ${within('ABC')} THEN 2 ELSE 1 END
    + CASE WHEN prefixes @@ to_tsquery('simple', ${question}) THEN 0.4 ELSE 0 END
    + ts_rank(${words}, search.question(${question})) * 0.4 + ${bonus}
  )::numeric, 6)`
}

// a reading without corrections need not be looked up again
function typedSql(bind: Bind, reading: Reading): string {
  if (reading.every((forms) => forms.length === 1)) return '10'
  return `CASE WHEN ${matchesSql(bind, asTyped(reading))} THEN 10 ELSE 0 END`
}
