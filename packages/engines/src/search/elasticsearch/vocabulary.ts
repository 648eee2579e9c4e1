import { namesOf } from '../document-text.js'
import type { DocumentKind, DocumentsByKind } from '../search-index.js'
import { soundOf } from '../sounds.js'
import { wordsOf } from '../words.js'
import { bulk } from './bulk.js'
import type { Connection } from './connection.js'

const SHORTEST = 3
const MOST_REMEMBERED = 500_000

/** Writes words of titles and names into an index, and remembers which are there: none is ever removed. */
export class Vocabulary {
  #index = ''
  #known = new Set<string>()

  constructor(private readonly connection: Connection) {}

  async write(index: string, documents: readonly DocumentsByKind[DocumentKind][]): Promise<void> {
    const known = this.#of(index)
    const words = new Set(documents.flatMap(namesOf).flatMap((name) => wordsOf(name)))
    const unknown = [...words].filter(
      (word) => word.length >= SHORTEST && !known.has(word) && soundOf(word) !== '',
    )
    const writes = unknown.map((word) => ({
      key: `word:${word}`,
      source: { kind: 'word', word, sound: soundOf(word) },
      after: undefined,
    }))
    // one that is there already is overtaken
    await bulk(this.connection, index, { writes, refresh: false })
    for (const word of unknown) known.add(word)
  }

  #of(index: string): Set<string> {
    if (this.#index !== index || this.#known.size > MOST_REMEMBERED) this.#known = new Set()
    this.#index = index
    return this.#known
  }
}
