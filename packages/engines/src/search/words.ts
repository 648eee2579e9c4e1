/** A word of a text, where it stands, and the form in which it is compared. */
export interface Token {
  /** Lower case, letters and digits only, at most 64 of them. */
  readonly word: string
  readonly start: number
  readonly end: number
}

const LONGEST_WORD = 64
// a contraction stays one word (`don't` is `dont`), another apostrophe parts two (`L'Atalante`)
const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’](?:s|t|d|m|re|ll|ve)(?![\p{L}\p{N}\p{M}]))?/giu

// letters that Unicode does not take apart into a base and a mark
const BASES: Readonly<Record<string, string>> = {
  ...{ æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', ı: 'i' },
}

/** Words in order. Lazy, so a caller that needs a few words of a long text pays for those. */
export function* tokensOf(text: string): Generator<Token> {
  for (const { 0: found, index } of text.matchAll(TOKEN)) {
    const word = foldWord(found)
    if (word !== '') yield { word, start: index, end: index + found.length }
  }
}

/** The words of a text as they are compared, at most `limit`. */
export function wordsOf(text: string, limit = Infinity): string[] {
  const words: string[] = []
  for (const { word } of tokensOf(text)) {
    if (words.length >= limit) break
    words.push(word)
  }
  return words
}

const FOLDED = /^[a-z0-9а-я]*$/

function foldWord(text: string): string {
  const lower = text.toLowerCase()
  return FOLDED.test(lower) ? lower.slice(0, LONGEST_WORD) : foldLetters(lower)
}

// `й` is a letter of its own, not an `и` with a mark
function foldLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(и\u0306)|\p{M}/gu, (_, short: string | undefined) => (short ? 'й' : ''))
    .replace(/[æœøłđðþßı]/g, (letter) => BASES[letter]!)
    .slice(0, LONGEST_WORD)
    .replace(/[^\p{L}\p{N}]/gu, '')
}
