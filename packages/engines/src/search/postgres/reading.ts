import { z } from 'zod'
import { swapLayout } from '../keyboard-layout.js'
import { editDistance, asciiLetters, typosAllowed } from '../typos.js'
import { wordsOf } from '../words.js'
import { createBindings, type Bind, type Run } from './connection.js'

/**
 * What a text is taken to mean: for each of its words the word itself, then those it may be a misspelling of.
 * All words must be found, each in any of its forms. No words at all find nothing.
 */
export type Reading = readonly (readonly string[])[]

/** The rows that a text is looked up in. */
export interface Searched {
  readonly table: 'search.films' | 'search.persons'
  /** The rows that exist for the viewer. A reading depends on no other, so it reveals nothing of them. */
  readonly visible: (bind: Bind) => string
}

const MOST_CHARACTERS = 1_000
const MOST_WORDS = 16
const MOST_CORRECTIONS = 4
/** With fewer hits than this, other readings are tried. */
const FEW = 3

/** For a cursor, which keeps its reading: new documents must not change what the next page is a page of. */
export const readingSchema = z
  .array(
    z
      .array(z.string().regex(/^[\p{L}\p{N}]{1,64}$/u))
      .min(1)
      .max(1 + MOST_CORRECTIONS),
  )
  .max(MOST_WORDS)

/** The reading as a tsquery in words, for `search.question`; `weights` limits it to parts of a document, e.g. `AB`. */
export const questionOf = (reading: Reading, weights = ''): string =>
  reading
    .map((forms) => forms.map((word) => `'${word}'${weights && `:${weights}`}`).join(' | '))
    .map((forms) => `(${forms})`)
    .join(' & ')

/** Only the words that were typed. */
export const asTyped = (reading: Reading): Reading => reading.map(([word]) => [word!])

/** The text as typed and as typed in the other keyboard layout, as far as they have words. */
export function plainReadings(text: string): Reading[] {
  const start = text.slice(0, MOST_CHARACTERS)
  return [start, swapLayout(start) ?? '']
    .map((it) => wordsOf(it, MOST_WORDS).map((word) => [word]))
    .filter((reading) => reading.length > 0)
}

/** Chooses how to read a text. Undefined for a blank one, which asks for nothing. */
export async function readText(
  run: Run,
  text: string,
  searched: Searched,
): Promise<Reading | undefined> {
  if (text.trim() === '') return undefined
  const readings = plainReadings(text)
  const typed = readings[0]
  if (!typed) return []
  const hits = await hitsOf(run, readings, searched)
  if (hits[0]! >= FEW) return typed
  const plain = hits.some((count) => count > 0) ? [mostHits(readings, hits)] : readings
  const corrected = await correct(run, plain, searched)
  if (corrected.length === 1) return corrected[0]
  return mostHits(corrected, await hitsOf(run, corrected, searched))
}

/** For each reading, how many rows it finds, counted to FEW. */
async function hitsOf(
  run: Run,
  readings: readonly Reading[],
  { table, visible }: Searched,
): Promise<number[]> {
  const { values, bind } = createBindings()
  const counts = readings.map(
    (reading) => `(SELECT count(*)::int FROM (
      SELECT FROM ${table} WHERE ${visible(bind)}
      AND words @@ search.question(${bind(questionOf(reading))}) LIMIT ${FEW}
    ) AS found)`,
  )
  const [row] = await run<{ hits: number[] }>(`SELECT ARRAY[${counts.join(', ')}] AS hits`, values)
  return row!.hits
}

/** The first of those that find most: what was typed wins over what may have been meant. */
const mostHits = (readings: readonly Reading[], hits: readonly number[]): Reading =>
  readings[hits.indexOf(Math.max(...hits))]!

async function correct(
  run: Run,
  readings: readonly Reading[],
  searched: Searched,
): Promise<Reading[]> {
  const candidates = await correctionsOf(run, readings)
  const { values, bind } = createBindings()
  const found = await run<{ word: string }>(
    `SELECT word FROM unnest(${bind([...candidates.values()].flat())}::text[]) AS word
    WHERE EXISTS (
      SELECT FROM ${searched.table} WHERE ${searched.visible(bind)}
      AND words @@ search.question(quote_literal(word))
    )`,
    values,
  )
  const real = new Set(found.map(({ word }) => word))
  return readings.map((reading) =>
    reading.map(([word]) => [
      word!,
      ...candidates
        .get(word!)!
        .filter((it) => real.has(it))
        .slice(0, MOST_CORRECTIONS),
    ]),
  )
}

/** For each word those of the vocabulary that it may be a misspelling of, likeliest first. */
export async function correctionsOf(
  run: Run,
  readings: readonly Reading[],
): Promise<Map<string, string[]>> {
  const words = [...new Set(readings.flat(2))]
  const long = words.filter((word) => typosAllowed(word) > 0)
  const similar = await run<{ typed: string; word: string }>(
    `SELECT typed, word FROM unnest($1::text[], $2::text[]) AS given (typed, letters), search.similar(letters) AS word
    -- a stop word is spelled right
    WHERE to_tsvector('pg_catalog.russian', typed) <> ''`,
    [long, long.map(asciiLetters)],
  )
  return new Map(
    words.map((typed) => [
      typed,
      similar
        .filter((it) => it.typed === typed && it.word !== typed)
        .map(({ word }) => ({ word, distance: editDistance(typed, word) }))
        .filter(({ distance }) => distance <= typosAllowed(typed))
        .sort((left, right) => left.distance - right.distance)
        .map(({ word }) => word),
    ]),
  )
}
