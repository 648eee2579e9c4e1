import { type Corpus, FEW } from '../reading/read-text.js'
import { isTextual } from '../reading/reading.js'
import { createBindings, type Bind, type Run } from './connection.js'
import { matchesSql } from './relevance.js'
import { correctionsOf, genresNamed, homophonesOf } from './vocabulary.js'

interface Searched {
  readonly table: 'search.films' | 'search.persons'
  /** Whether the rows have genres, so that a word may name one. */
  readonly hasGenres?: boolean
  /** The rows that exist for the viewer. */
  readonly visible: (bind: Bind) => string
}

/** The rows that a text is looked up in. */
export const corpusOf = (run: Run, searched: Searched): Corpus => ({
  lookUp: (sought) => lookUp(run, searched, sought),
  homophonesOf: (words) => homophonesOf(run, words),
  correctionsOf: (words) => correctionsOf(run, words),
  ...(searched.hasGenres && { genresNamed: (words) => genresNamed(run, words) }),
})

async function lookUp(
  run: Run,
  { table, visible }: Searched,
  { readings, words }: Parameters<Corpus['lookUp']>[0],
): ReturnType<Corpus['lookUp']> {
  const { values, bind } = createBindings()
  const counts = readings.map(
    (reading) => `(SELECT count(*)::int FROM (
      SELECT FROM ${isTextual(reading) ? table : 'search.film_facts'}
      WHERE ${visible(bind)} AND ${matchesSql(bind, reading)} LIMIT ${FEW}
    ) AS found)`,
  )
  const real = `SELECT word FROM unnest(${bind(words)}::text[]) AS word WHERE EXISTS (
    SELECT FROM ${table} WHERE ${visible(bind)} AND words @@ search.question(quote_literal(word))
  )`
  const [row] = await run<{ hits: number[]; real: string[] }>(
    `SELECT ARRAY[${counts.join(', ')}]::int[] AS hits, ARRAY(${real}) AS real`,
    values,
  )
  return { hits: row!.hits, real: new Set(row!.real) }
}
