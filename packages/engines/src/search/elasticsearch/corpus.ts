import {
  likeliestFirst,
  mayBeMisspelled,
  mayBeOfOtherScript,
  ofOtherScript,
} from '../reading/alike.js'
import { type Corpus, FEW, type WordsByWord } from '../reading/read-text.js'
import { isStopWord } from '../reading/stop-words.js'
import { soundOf } from '../sounds.js'
import { typosAllowed } from '../typos.js'
import type { Query } from './connection.js'
import { live } from './film-filter.js'
import { type Reader, totalOf } from './reader.js'
import { matches } from './relevance.js'

const MOST_GENRES = 100
const SHORTEST_GENRE = 3
const MOST_HOMOPHONES = 500
const MOST_SIMILAR = 50
/** What is near a longer word takes seconds to find. */
const LONGEST_CORRECTED = 30
/** Of those that one word may be meant to be: only so many are looked for among the viewer's documents. */
const MOST_LIKELY = 12

interface Searched {
  /** What exists for the viewer. */
  readonly visible: readonly Query[]
  /** Whether the documents have genres, so that a word may name one. */
  readonly hasGenres?: boolean
}

/** The documents that a text is looked up in. */
export const corpusOf = (reader: Reader, { visible, hasGenres }: Searched): Corpus => ({
  async lookUp({ readings, words }) {
    const counted = readings.map((reading) => counting([...visible, matches(reading)], FEW))
    const looked = words.map((word) => counting([...visible, { match: { all: word } }], 1))
    const totals = (await reader.searchAll([...counted, ...looked])).map(totalOf)
    return {
      hits: totals.slice(0, readings.length).map((total) => Math.min(total, FEW)),
      real: new Set(words.filter((_, at) => totals[readings.length + at]! > 0)),
    }
  },
  homophonesOf: (words) => homophonesOf(reader, words),
  correctionsOf: (words) => correctionsOf(reader, words),
  ...(hasGenres && { genresNamed: (words) => genresNamed(reader, words) }),
})

const counting = (filter: Query[], most: number) => ({
  ...{ query: { bool: { filter } }, size: 0, track_total_hits: most },
  ...(most === 1 && { terminate_after: 1 }),
})

interface WordSource {
  readonly word: string
  readonly sound: string
}
const WORDS = { _source: ['word', 'sound'] as string[], track_total_hits: false } as const

async function homophonesOf(reader: Reader, words: readonly string[]): Promise<WordsByWord> {
  const heard = [...new Set(words)].filter(mayBeOfOtherScript)
  if (heard.length === 0) return new Map()
  const { hits } = await reader.search<WordSource>({
    ...{ ...WORDS, size: MOST_HOMOPHONES, sort: [{ word: 'asc' }] },
    query: {
      bool: { filter: [{ term: { kind: 'word' } }, { terms: { sound: heard.map(soundOf) } }] },
    },
  })
  const known = hits.hits.map(({ _source }) => _source!)
  return ofOtherScript(
    heard.flatMap((typed) =>
      known.filter(({ sound }) => sound === soundOf(typed)).map(({ word }) => ({ typed, word })),
    ),
  )
}

/** Misspelled words of either script: those whose letters are near, and those that sound so. */
export async function correctionsOf(
  reader: Reader,
  words: readonly string[],
): Promise<WordsByWord> {
  // a stop word is spelled right
  const long = [...new Set(words)].filter(
    (it) => mayBeMisspelled(it) && !isStopWord(it) && it.length <= LONGEST_CORRECTED,
  )
  const answers = await reader.searchAll<WordSource>(
    long.map((typed) => {
      const sound = soundOf(typed)
      const should: Query[] = [
        { fuzzy: { word: { value: typed, fuzziness: typosAllowed(typed) } } },
        // a long word may be a short sound, of which little may be wrong
        { fuzzy: { sound: { value: sound, fuzziness: typosAllowed(sound) } } },
      ]
      return {
        ...{ ...WORDS, size: MOST_SIMILAR },
        sort: ['_score', { word: 'asc' }] as const,
        query: { bool: { filter: { term: { kind: 'word' } }, should, minimum_should_match: 1 } },
      }
    }),
  )
  const similar = answers.flatMap(({ hits }, at) =>
    hits.hits.map(({ _source }) => ({ typed: long[at]!, word: _source!.word })),
  )
  return new Map(
    [...likeliestFirst(similar)].map(([typed, likely]) => [typed, likely.slice(0, MOST_LIKELY)]),
  )
}

async function genresNamed(reader: Reader, words: readonly string[]): Promise<WordsByWord> {
  const long = words.filter((word) => word.length >= SHORTEST_GENRE)
  const answers = await reader.searchAll<{ id: string }>(
    long.map((word) => ({
      ...{ size: MOST_GENRES, _source: ['id'], sort: [{ id: 'asc' }], track_total_hits: false },
      query: { bool: { filter: [...live('genre'), { match: { all: word } }] } },
    })),
  )
  const ids = answers.map(({ hits }) => hits.hits.map(({ _source }) => _source!.id))
  return new Map(
    long.map((word, at) => [word, ids[at]!] as const).filter(([, it]) => it.length > 0),
  )
}
