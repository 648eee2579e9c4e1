import { isCyrillic, soundOf } from '../sounds.js'
import { editDistance, typosAllowed } from '../typos.js'
import type { Run } from './connection.js'

const SHORTEST_HEARD = 4
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
  const heard = [...new Set(words)].filter(
    (word) => word.length >= SHORTEST_HEARD && /\p{L}/u.test(word) && soundOf(word) !== '',
  )
  if (heard.length === 0) return new Map()
  const found = await run<{ typed: string; word: string }>(
    `SELECT typed, word FROM unnest($1::text[], $2::text[]) AS given (typed, heard)
    JOIN search.vocabulary ON sound = heard ORDER BY word`,
    [heard, heard.map(soundOf)],
  )
  const other = found.filter(({ typed, word }) => isCyrillic(typed) !== isCyrillic(word))
  return new Map(
    [...Map.groupBy(other, ({ typed }) => typed)].map(([typed, rows]) => [
      typed,
      rows.map(({ word }) => word),
    ]),
  )
}

/** For each word those of the vocabulary that it may be a misspelling of, in either script, likeliest first. */
export async function correctionsOf(
  run: Run,
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const long = [...new Set(words)].filter((word) => typosAllowed(word) > 0)
  if (long.length === 0) return new Map()
  const similar = await run<{ typed: string; word: string }>(
    `SELECT typed, word FROM unnest($1::text[], $2::text[]) AS given (typed, heard), search.similar(heard) AS word
    -- a stop word is spelled right
    WHERE to_tsvector('pg_catalog.russian', typed) <> ''`,
    [long, long.map(soundOf)],
  )
  return new Map(
    [...Map.groupBy(similar, ({ typed }) => typed)].map(([typed, rows]) => [
      typed,
      rows
        .filter(({ word }) => word !== typed)
        .map(({ word }) => ({ word, distance: distanceOf(typed, word) }))
        .filter(({ distance }) => distance < Infinity)
        .sort((left, right) => left.distance - right.distance)
        .map(({ word }) => word),
    ]),
  )
}

/** Letters that are wrong, in the other script sounds; of two that are as near the same script comes first. Infinity: too many. */
function distanceOf(typed: string, word: string): number {
  const allowed = typosAllowed(typed)
  const letters = editDistance(typed, word)
  if (letters <= allowed) return letters
  const sounds = editDistance(soundOf(typed), soundOf(word))
  const sameScript = isCyrillic(typed) === isCyrillic(word)
  return sounds <= (sameScript ? 0 : allowed) ? sounds + 0.5 : Infinity
}
