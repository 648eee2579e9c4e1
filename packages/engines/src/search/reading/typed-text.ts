import { swapLayout } from '../keyboard-layout.js'
import { wordsOf } from '../words.js'
import { isYear, MOST_WORDS, type Reading } from './reading.js'

const MOST_CHARACTERS = 1_000

// a lone mark is a key of another letter (`"` is `Э` in the other layout) or means nothing
const QUOTED = /"([^"]*)"|“([^”]*)”|«([^»]*)»/g

interface Segment {
  readonly text: string
  /** Whether it stood in quotation marks. */
  readonly quoted: boolean
}

/** The text as typed and as typed in the other keyboard layout, as far as they have words. */
export function plainReadings(text: string): Reading[] {
  const typed = segmentsOf(text.slice(0, MOST_CHARACTERS))
  const swapped = typed.map((segment) => ({ ...segment, text: swapLayout(segment.text) }))
  const isSwapped = swapped.some((segment) => segment.text !== undefined)
  return [
    typed,
    isSwapped
      ? swapped.map(({ text, quoted }, at) => ({ text: text ?? typed[at]!.text, quoted }))
      : [],
  ]
    .map(readingOf)
    .filter((reading) => reading.length > 0)
}

function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = []
  let end = 0
  for (const { 0: marked, index, ...groups } of text.matchAll(QUOTED)) {
    segments.push({ text: text.slice(end, index), quoted: false })
    segments.push({ text: groups[1] ?? groups[2] ?? groups[3] ?? '', quoted: true })
    end = index + marked.length
  }
  return [...segments, { text: text.slice(end), quoted: false }]
}

/** A word alone is no phrase, in quotation marks or not. */
function readingOf(segments: readonly Segment[]): Reading {
  let left = MOST_WORDS
  return segments.flatMap(({ text, quoted }): Reading => {
    const words = wordsOf(text, left)
    left -= words.length
    if (quoted && words.length > 1) return [{ phrase: words }]
    return words.map((word) => ({ forms: [word], near: [] }))
  })
}

/** People ask for films by these too, and they are in few of them. */
const FILLERS = new Set(
  'film films movie movies cinema full watch online free about фильм фильмы фильма кино смотреть онлайн бесплатно про'.split(
    ' ',
  ),
)

export const isFiller = (word: string): boolean => FILLERS.has(word)

/** The reading without years and words such as `film`; undefined when that is all there is, or when there are none. */
export function withoutExtras(reading: Reading): Reading | undefined {
  const rest = reading.filter((term) => !('forms' in term && isExtra(term.forms[0]!)))
  return rest.length > 0 && rest.length < reading.length ? rest : undefined
}

const isExtra = (word: string) => isYear(word) || isFiller(word)
