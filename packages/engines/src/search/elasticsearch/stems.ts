import { LRUCache } from 'lru-cache'
import type { Reader } from './reader.js'

const REMEMBERED = 50_000

/** What words are stemmed to, by Elasticsearch. */
export type Stems = (words: readonly string[]) => Promise<(word: string) => string>

/** Remembers what it was told: words do not change, and neither do stems for as long as an index is open. */
export function createStems(reader: Pick<Reader, 'stems'>): Stems {
  const known = new LRUCache<string, string>({ max: REMEMBERED })
  return async (words) => {
    const stems = new Map([...new Set(words)].map((word) => [word, known.get(word)]))
    const unknown = [...stems.keys()].filter((word) => stems.get(word) === undefined)
    const found = await reader.stems(unknown)
    for (const [at, word] of unknown.entries()) {
      stems.set(word, found[at])
      known.set(word, found[at])
    }
    return (word) => stems.get(word) ?? word
  }
}
