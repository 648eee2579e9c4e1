import {
  likeliestFirst,
  mayBeMisspelled,
  mayBeOfOtherScript,
  ofOtherScript,
} from '../reading/alike.js'
import { soundOf } from '../sounds.js'
import type { Run } from './connection.js'

const SHORTEST_GENRE = 3

/** For each word the genres in whose names it is, for those in any. */
export async function genresNamed(
  run: Run,
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await run<{ word: string; ids: string[] }>(
    `SELECT word, array_agg(id ORDER BY id) AS ids FROM unnest($1::text[]) AS word
    JOIN search.genres ON live AND words @@ search.question(quote_literal(word)) GROUP BY word`,
    [words.filter((word) => word.length >= SHORTEST_GENRE)],
  )
  return new Map(rows.map(({ word, ids }) => [word, ids]))
}

/** For each word those of the vocabulary that are the same in the other script: `мать` for `mat`, `chaplin` for `чаплин`. */
export async function homophonesOf(
  run: Run,
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const heard = [...new Set(words)].filter(mayBeOfOtherScript)
  if (heard.length === 0) return new Map()
  const found = await run<{ typed: string; word: string }>(
    `SELECT typed, word FROM unnest($1::text[], $2::text[]) AS given (typed, heard)
    JOIN search.vocabulary ON sound = heard ORDER BY word`,
    [heard, heard.map(soundOf)],
  )
  return ofOtherScript(found)
}

/** For each word those of the vocabulary that it may be a misspelling of, in either script, likeliest first. */
export async function correctionsOf(
  run: Run,
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const long = [...new Set(words)].filter(mayBeMisspelled)
  if (long.length === 0) return new Map()
  const similar = await run<{ typed: string; word: string }>(
    `SELECT typed, word FROM unnest($1::text[], $2::text[]) AS given (typed, heard), search.similar(heard) AS word
    -- a stop word is spelled right
    WHERE to_tsvector('pg_catalog.russian', typed) <> ''`,
    [long, long.map(soundOf)],
  )
  return likeliestFirst(similar)
}
