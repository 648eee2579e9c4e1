import { isCyrillic, soundOf } from '../sounds.js'
import { editDistance, typosAllowed } from '../typos.js'
import type { WordsByWord } from './read-text.js'

const SHORTEST_HEARD = 4

/** A typed word and one of the vocabulary that is like it. */
export interface Alike {
  readonly typed: string
  readonly word: string
}

export const mayBeOfOtherScript = (word: string): boolean =>
  word.length >= SHORTEST_HEARD && /\p{L}/u.test(word) && soundOf(word) !== ''

/** Of words that sound the same, those of the other script. */
export const ofOtherScript = (found: readonly Alike[]): WordsByWord =>
  byTyped(found.filter(({ typed, word }) => isCyrillic(typed) !== isCyrillic(word)))

export const mayBeMisspelled = (word: string): boolean => typosAllowed(word) > 0

/** Of words that are similar, those that may have been meant, likeliest first; equals stay in their order. */
export function likeliestFirst(similar: readonly Alike[]): WordsByWord {
  const near = similar
    .filter(({ typed, word }) => word !== typed)
    .map((alike) => ({ ...alike, distance: distanceOf(alike) }))
    .filter(({ distance }) => distance < Infinity)
  return byTyped(near.toSorted((left, right) => left.distance - right.distance))
}

const byTyped = (alike: readonly Alike[]): WordsByWord =>
  new Map(
    [...Map.groupBy(alike, ({ typed }) => typed)].map(([typed, rows]) => [
      typed,
      rows.map(({ word }) => word),
    ]),
  )

/** Letters that are wrong, in the other script sounds; of two that are as near the same script comes first. Infinity: too many. */
function distanceOf({ typed, word }: Alike): number {
  const allowed = typosAllowed(typed)
  const letters = editDistance(typed, word)
  if (letters <= allowed) return letters
  const sounds = editDistance(soundOf(typed), soundOf(word))
  const sameScript = isCyrillic(typed) === isCyrillic(word)
  return sounds <= (sameScript ? 0 : allowed) ? sounds + 0.5 : Infinity
}
