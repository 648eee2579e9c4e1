import type { FilmDocument, Highlight, IndexLanguage, Texts } from './search-index.js'
import { tokensOf } from './words.js'

type Fragments = Highlight['fragments']
/** The members of a film that are searched as text. */
export type HighlightedFilm = Pick<FilmDocument, 'title' | 'originalTitle' | 'description'> & {
  readonly credits: readonly { name: Texts }[]
}

const EXCERPT_LENGTH = 200
const EXCERPT_LEAD = 60
const MOST_PERSONS = 3

/** What to show of a hit: of each field the text that matched, in `language` when that one did. */
export function highlightsOf(
  film: HighlightedFilm,
  language: IndexLanguage,
  matches: (word: string) => boolean,
): Highlight[] {
  const first = (texts: readonly string[], most = Infinity) =>
    texts.map((text) => fragmentsOf(text, matches, most)).find((it) => it.some(isMatched))
  const persons = film.credits
    .map(({ name }) => first(ordered(name, language)))
    .filter((it) => it !== undefined)
  const highlight = (field: Highlight['field'], fragments: Fragments | undefined): Highlight[] =>
    fragments ? [{ field, fragments }] : []
  return [
    ...highlight('TITLE', first(ordered(film.title, language))),
    ...highlight('ORIGINAL_TITLE', first([film.originalTitle])),
    ...distinct(persons)
      .slice(0, MOST_PERSONS)
      .flatMap((fragments) => highlight('PERSON', fragments)),
    ...highlight('DESCRIPTION', first(ordered(film.description, language), EXCERPT_LENGTH)),
  ]
}

/** All texts of a film whose words may match, for a caller that must look them up first. */
export const textsOf = (film: HighlightedFilm): string[] => [
  ...Object.values(film.title),
  film.originalTitle,
  ...Object.values(film.description),
  ...film.credits.flatMap(({ name }) => Object.values(name)),
]

/** `text` cut at the borders of matching words; a text over `most` characters is cut to an excerpt about the first match. */
export function fragmentsOf(
  text: string,
  matches: (word: string) => boolean,
  most = Infinity,
): Fragments {
  const tokens = [...tokensOf(text)]
  const found = tokens.filter(({ word }) => matches(word))
  const [from, to] = excerpt(text, { starts: tokens, at: found[0]?.start ?? 0, most })
  const fragments: { text: string; matched: boolean }[] = []
  const push = (piece: string, matched: boolean) => {
    if (piece !== '') fragments.push({ text: piece, matched })
  }
  let end = from
  for (const token of found.filter((it) => it.end <= to)) {
    push((end === from && from > 0 ? '…' : '') + text.slice(end, token.start), false)
    push(text.slice(token.start, token.end), true)
    end = token.end
  }
  push(text.slice(end, to) + (to < text.length ? '…' : ''), false)
  return fragments
}

interface Excerpt {
  starts: readonly { start: number; end: number }[]
  at: number
  most: number
}

/** Begins at a word a little before `at` and ends with a word. */
function excerpt(text: string, { starts, at, most }: Excerpt): [from: number, to: number] {
  if (text.length <= most) return [0, text.length]
  const lead = starts.find(({ start }) => start >= at - EXCERPT_LEAD)?.start ?? 0
  const from = at <= EXCERPT_LEAD ? 0 : lead
  const to = starts.findLast(({ end }) => end <= from + most)?.end
  return [from, to !== undefined && to > at ? to : from + most]
}

const isMatched = ({ matched }: { matched: boolean }) => matched

function ordered(texts: Texts, language: IndexLanguage): string[] {
  const other = language === 'en' ? 'ru' : 'en'
  return [texts[language], texts[other]].filter((text) => text !== undefined)
}

const distinct = (lists: readonly Fragments[]): Fragments[] => [
  ...new Map(lists.map((list) => [list.map(({ text }) => text).join(''), list])).values(),
]
