import { isCyrillic } from '../sounds.js'
import {
  MOST_CORRECTIONS,
  MOST_HOMOPHONES,
  type Reading,
  textOf,
  type Word,
  wordsIn,
} from './reading.js'
import { isFiller, plainReadings, withoutExtras } from './typed-text.js'

export interface Sought {
  readonly readings: readonly Reading[]
  readonly words: readonly string[]
}

export interface LookedUp {
  /** How many documents each reading finds, counted to FEW. */
  readonly hits: readonly number[]
  /** Those of the words that are in any. */
  readonly real: ReadonlySet<string>
}

/** By word, for those that have any. */
export type WordsByWord = ReadonlyMap<string, readonly string[]>

/** The documents that a text is looked up in. */
export interface Corpus {
  /** Among those that exist for the viewer. A reading depends on no other, so it reveals nothing of them. */
  lookUp(sought: Sought): Promise<LookedUp>
  /** Words of titles and names, of any document, that sound the same and are of the other script: `мать` for `mat`. */
  homophonesOf(words: readonly string[]): Promise<WordsByWord>
  /** Words of titles and names, of any document, that one may be a misspelling of, likeliest first. */
  correctionsOf(words: readonly string[]): Promise<WordsByWord>
  /** Ids of the genres in whose names a word is; absent where documents have no genres. */
  genresNamed?(words: readonly string[]): Promise<WordsByWord>
}

/** With fewer hits than this, other readings are tried. */
export const FEW = 3

interface Choice {
  readonly reading: Reading
  /** Counted to FEW. */
  readonly hits: number
}

/** Chooses how to read a text. Undefined for a blank one, which asks for nothing. */
export async function readText(text: string, corpus: Corpus): Promise<Reading | undefined> {
  if (text.trim() === '') return undefined
  const readings = plainReadings(text)
  if (readings.length === 0) return []
  const whole = await choose(readings, corpus)
  if (whole.hits >= FEW) return whole.reading
  const ofGenre = await chooseGenres(readings[0]!, corpus)
  if (ofGenre && ofGenre.hits > whole.hits) return ofGenre.reading
  const shorter = readings.map(withoutExtras).filter((it) => it !== undefined)
  if (whole.hits > 0 || shorter.length === 0) return whole.reading
  const rest = await choose(shorter, corpus)
  return rest.hits > 0 ? rest.reading : whole.reading
}

/** What a text was read as, when not as it was typed: see `didYouMean`. */
export function meantBy(text: string, reading: Reading | undefined): string | null {
  if (!reading) return null
  const meant = textOf(reading)
  return meant === textOf(plainReadings(text)[0] ?? []) ? null : meant
}

/** Of readings, the first being what was typed, and their corrections the one that finds most. */
async function choose(plain: readonly Reading[], corpus: Corpus): Promise<Choice> {
  const homophones = await corpus.homophonesOf(formsIn(plain))
  const heard = plain.map((reading) => withForms(reading, homophones))
  const { hits, real } = await corpus.lookUp({ readings: heard, words: alternatives(heard) })
  const readings = heard.map((reading) => onlyReal(reading, real))
  if (hits[0]! >= FEW) return { reading: readings[0]!, hits: hits[0]! }
  const promising = hits.some((count) => count > 0) ? [mostHits(readings, hits).reading] : readings
  const corrected = await correct(promising, corpus)
  const { hits: found } = await corpus.lookUp({ readings: corrected, words: [] })
  return mostHits(corrected, found)
}

/** Words that name genres are read as those, and the rest as ever. Undefined when none does. */
async function chooseGenres(typed: Reading, corpus: Corpus): Promise<Choice | undefined> {
  const terms = typed.filter((it) => !('forms' in it && isFiller(it.forms[0]!)))
  const genres = await corpus.genresNamed?.(formsIn([terms]))
  if (!genres || genres.size === 0) return undefined
  const read = terms.map((term) => {
    const ids = 'forms' in term ? genres.get(term.forms[0]!) : undefined
    return ids ? { genre: (term as Word).forms[0]!, ids } : undefined
  })
  const others = terms.filter((_, index) => !read[index])
  const chosen = others.length > 0 ? (await choose([others], corpus)).reading : []
  const left = [...chosen]
  const reading = read.map((genre) => genre ?? left.shift()!)
  const { hits } = await corpus.lookUp({ readings: [reading], words: [] })
  return { reading, hits: hits[0]! }
}

/** The first of those that find most: what was typed wins over what may have been meant. */
function mostHits(readings: readonly Reading[], hits: readonly number[]): Choice {
  const most = Math.max(...hits)
  return { reading: readings[hits.indexOf(most)]!, hits: most }
}

async function correct(readings: readonly Reading[], corpus: Corpus): Promise<Reading[]> {
  const typed = formsIn(readings)
  const corrections = await corpus.correctionsOf(typed)
  const { real } = await corpus.lookUp({
    readings: [],
    words: [...new Set([...typed, ...[...corrections.values()].flat()])],
  })
  return readings.map((reading) =>
    reading.map((term) => {
      if (!('forms' in term)) return term
      const forms = term.forms.filter((it) => real.has(it))
      const near = term.forms
        .flatMap((it) => corrections.get(it) ?? [])
        .filter((it) => real.has(it) && !forms.includes(it))
      return wordOf(term, forms, [...new Set(near)])
    }),
  )
}

/**
 * A word that nothing has is read as the likeliest that it may be a misspelling of. One that something has is not taken for one of the
 * other script: «Андрей» is no mistake for `Audrey`.
 */
function wordOf(term: Word, forms: readonly string[], near: readonly string[]): Word {
  if (forms.length > 0) {
    const alike = near.filter((it) => isCyrillic(term.forms[0]!) === isCyrillic(it))
    return { forms, near: alike.slice(0, MOST_CORRECTIONS) }
  }
  if (near.length === 0) return term
  return { forms: near.slice(0, 1), near: near.slice(1, 1 + MOST_CORRECTIONS) }
}

const withForms = (reading: Reading, more: ReadonlyMap<string, readonly string[]>): Reading =>
  reading.map((term) =>
    'forms' in term
      ? {
          ...term,
          forms: [...term.forms, ...(more.get(term.forms[0]!) ?? []).slice(0, MOST_HOMOPHONES)],
        }
      : term,
  )

const onlyReal = (reading: Reading, real: ReadonlySet<string>): Reading =>
  reading.map((term) => {
    if (!('forms' in term) || term.forms.length === 1) return term
    const forms = term.forms.filter((it) => real.has(it))
    return { ...term, forms: forms.length > 0 ? forms : term.forms.slice(0, 1) }
  })

const formsIn = (readings: readonly Reading[]): string[] => [
  ...new Set(readings.flatMap(wordsIn).flatMap(({ forms }) => forms)),
]

const alternatives = (readings: readonly Reading[]): string[] =>
  formsIn(readings.map((reading) => wordsIn(reading).filter(({ forms }) => forms.length > 1)))
