import { type Corpus, FEW } from '../reading/read-text.js'
import { isTextual, type Reading } from '../reading/reading.js'
import { createBindings, type Bind, type Run } from './connection.js'
import { matchesSql, WORDS } from './relevance.js'
import { correctionsOf, genresNamed, homophonesOf } from './vocabulary.js'

interface Searched {
  readonly table: 'search.films' | 'search.persons'
  /** SQL of the words of titles, where these have an index of their own. */
  readonly titles?: string
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
  searched: Searched,
  { readings, words }: Parameters<Corpus['lookUp']>[0],
): ReturnType<Corpus['lookUp']> {
  const { values, bind } = createBindings()
  const counts = readings.map(
    (reading) => `(SELECT count(*)::int FROM (${someSql(bind, reading, searched)}) AS found)`,
  )
  const real = `SELECT word FROM unnest(${bind(words)}::text[]) AS word WHERE ${realSql(bind, searched)}`
  const [row] = await run<{ hits: number[]; real: string[] }>(
    `SELECT ARRAY[${counts.join(', ')}]::int[] AS hits, ARRAY(${real}) AS real`,
    values,
  )
  return { hits: row!.hits, real: new Set(row!.real) }
}

/** Rows that a reading finds, as many as are counted; first those whose titles it finds, which are the quicker to look up. */
function someSql(bind: Bind, reading: Reading, { table, titles, visible }: Searched): string {
  const from = isTextual(reading) ? table : 'search.film_facts'
  const some = (conditions: readonly string[]) =>
    `(SELECT 1 FROM ${from} WHERE ${[visible(bind), ...conditions].join(' AND ')} LIMIT ${FEW})`
  if (!titles || !isTextual(reading)) return some([matchesSql(bind, reading)])
  const titled = () => matchesSql(bind, reading, titles)
  const others = some([matchesSql(bind, reading), `NOT (${titled()})`])
  return `${some([titled()])} UNION ALL ${others} LIMIT ${FEW}`
}

/** Whether a row has the `word`. */
function realSql(bind: Bind, { table, titles, visible }: Searched): string {
  const within = (words: string) =>
    `EXISTS (SELECT FROM ${table} WHERE ${visible(bind)} AND ${words} @@ search.question(quote_literal(word)))`
  return `(${[...(titles ? [titles] : []), WORDS].map(within).join(' OR ')})`
}
