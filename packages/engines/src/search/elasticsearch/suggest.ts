import type { estypes } from '@elastic/elasticsearch'
import { HEARD } from '../document-text.js'
import { allWords } from '../reading/reading.js'
import { plainReadings } from '../reading/typed-text.js'
import type { DocumentKind, IndexLanguage, Suggestion, SuggestQuery } from '../search-index.js'
import { soundOf } from '../sounds.js'
import type { Query } from './connection.js'
import { correctionsOf } from './corpus.js'
import { live, visibleTo } from './film-filter.js'
import { byFilms } from './persons.js'
import type { Reader } from './reader.js'

/** A prefix that sounds shorter is not listened to: too much is like it. */
const SHORTEST_HEARD = 3
/** The order of those that are equally good. */
const KINDS = ['film', 'genre', 'person'] as const satisfies readonly DocumentKind[]

/** The words of a prefix, each in any of its forms, the typed one first; the last is being typed. */
type Prefix = readonly (readonly string[])[]

export async function suggest(reader: Reader, query: SuggestQuery): Promise<readonly Suggestion[]> {
  const prefixes = plainReadings(query.prefix).map(allWords)
  for (const words of prefixes) {
    const found = await complete(
      reader,
      words.map((word) => [word]),
      query,
    )
    if (found.length > 0) return found
  }
  const [typed] = prefixes
  if (!typed) return []
  const corrections = await correctionsOf(reader, typed)
  if (corrections.size === 0) return []
  const corrected = typed.map((word) => [word, ...(corrections.get(word) ?? [])])
  return complete(reader, corrected, query)
}

interface Named {
  readonly id: string
  readonly name: Readonly<Record<IndexLanguage, string>>
}

/** Best first; those that are equally good alternate between the kinds. */
async function complete(reader: Reader, prefix: Prefix, query: SuggestQuery) {
  const { language, limit } = query
  const scores = scoresOf(prefix)
  const answers = await reader.searchAll<Named>(
    KINDS.map((kind) => ({
      ...{ size: limit, _source: ['id', 'name'], track_total_hits: false },
      query: completions(prefix, existing(kind, query), scores),
      sort: ['_score', ...weight(kind, query), { [`order.${language}`]: 'asc' }, { id: 'asc' }],
    })),
  )
  const placed = answers.flatMap(({ hits }, at) =>
    hits.hits.map(({ _source, sort }, place) => ({
      ...{ score: Number(sort![0]), place },
      suggestion: { kind: KINDS[at]!, id: _source!.id, text: _source!.name[language] },
    })),
  )
  return placed
    .toSorted((left, right) => right.score - left.score || left.place - right.place)
    .slice(0, limit)
    .map(({ suggestion }): Suggestion => suggestion)
}

const existing = (kind: DocumentKind, { audiences }: SuggestQuery): Query[] =>
  kind === 'film' ? visibleTo(audiences) : live(kind)

function weight(kind: DocumentKind, { audiences }: SuggestQuery): estypes.SortCombinations[] {
  if (kind === 'genre') return []
  if (kind === 'person') return [byFilms(audiences, 'desc')]
  return [{ external_rating: { order: 'desc', missing: 0 } }]
}

const isHeard = (prefix: Prefix) =>
  prefix.map(([word]) => soundOf(word!)).join('').length >= SHORTEST_HEARD

const completions = (prefix: Prefix, filter: Query[], should: Query[]): Query => ({
  bool: {
    filter: [...filter, begunBy(prefix, isHeard(prefix) ? withHeard : literally)],
    should: { dis_max: { queries: should } },
  },
})

/** A whole name, a name that begins so, words of a name; as it is written before as it sounds. */
function scoresOf(prefix: Prefix): Query[] {
  const typed = prefix.map(([word]) => word!)
  const name = typed.join(' ')
  const heard = HEARD + typed.map(soundOf).join(' ')
  return [
    worth(5, { term: { names: name } }),
    worth(3, { prefix: { names: name } }),
    worth(1, begunBy(prefix, literally)),
    ...(isHeard(prefix)
      ? [worth(4, { term: { names: heard } }), worth(2, { prefix: { names: heard } })]
      : []),
  ]
}

const worth = (boost: number, filter: Query): Query => ({ constant_score: { filter, boost } })

/** Whole words, but the last, which is being typed. */
const begunBy = (prefix: Prefix, formsOf: (word: string) => readonly string[]): Query => ({
  bool: {
    filter: prefix.map((forms, at): Query => {
      const words = forms.flatMap(formsOf)
      return at === prefix.length - 1
        ? { match: { 'spelled.beginnings': words.join(' ') } }
        : { terms: { spelled: words } }
    }),
  },
})

const literally = (word: string) => [word]

const withHeard = (word: string): string[] => {
  const sound = /\p{L}/u.test(word) ? soundOf(word) : ''
  return sound === '' ? [word] : [word, HEARD + sound]
}
