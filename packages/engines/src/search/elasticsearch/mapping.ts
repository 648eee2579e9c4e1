import type { estypes } from '@elastic/elasticsearch'

const LONGEST_PREFIX = 20

/**
 * Texts come folded, as words between spaces. The English stemmer leaves Cyrillic words as they are and the Russian one Latin
 * words, so each word is stemmed by its script, whatever the language of the text around it. No word is a stop word here.
 */
const analysis: estypes.IndicesIndexSettingsAnalysis = {
  filter: {
    english: { type: 'snowball', language: 'English' },
    russian: { type: 'snowball', language: 'Russian' },
    beginnings: { type: 'edge_ngram', min_gram: 1, max_gram: LONGEST_PREFIX },
    cut: { type: 'truncate', length: LONGEST_PREFIX },
  },
  analyzer: {
    stems: { type: 'custom', tokenizer: 'whitespace', filter: ['english', 'russian'] },
    words: { type: 'custom', tokenizer: 'whitespace' },
    beginnings: { type: 'custom', tokenizer: 'whitespace', filter: ['beginnings'] },
    beginning: { type: 'custom', tokenizer: 'whitespace', filter: ['cut'] },
  },
}

/** Of one shard: facets are exact then, and a text is read alike wherever it is looked up. */
export const SETTINGS: estypes.IndicesIndexSettings = {
  number_of_shards: 1,
  auto_expand_replicas: '0-1',
  // whoever writes refreshes; this is for what a writer left behind that died before it did
  refresh_interval: '1s',
  analysis,
}

const keyword = { type: 'keyword' } as const
const integer = { type: 'integer' } as const
const double = { type: 'double' } as const
/** To be given back, not to be searched. */
const kept = { type: 'object', enabled: false } as const
const stems = { type: 'text', analyzer: 'stems', norms: false } as const
const copied = (...to: string[]) => ({ type: 'text', index: false, copy_to: to }) as const

/**
 * One index holds all kinds, so that a rebuild exchanges them at once: `film`, `person` and `genre`, `word` (every word of a title or a
 * name, ever: what a mistyped one may have meant) and `lease` (of the rebuild under way). A removed document stays with no
 * more than its version, so that an older one cannot bring it back.
 */
export const MAPPINGS: estypes.MappingTypeMapping = {
  dynamic: 'strict',
  properties: {
    ...{ kind: keyword, id: keyword, version: { type: 'long' }, live: { type: 'boolean' } },
    digest: { type: 'keyword', index: false },
    // what is shown: names by language, and texts to be highlighted
    ...{ name: kept, texts: kept },
    // texts by weight: each field has what the one before has, and more
    title: { ...stems, copy_to: ['named', 'known', 'all'] },
    original: copied('named', 'known', 'all'),
    persons: copied('known', 'all'),
    description: copied('all'),
    ...{ named: stems, known: stems, all: stems },
    // whole names, folded, and how they sound
    names: { type: 'keyword', ignore_above: 1_000 },
    // words of the names as they are and as they sound
    spelled: {
      ...{ type: 'text', analyzer: 'words', norms: false },
      fields: {
        beginnings: {
          ...{ type: 'text', analyzer: 'beginnings', search_analyzer: 'beginning', norms: false },
          index_options: 'docs' as const,
        },
      },
    },
    // what sorts as the name does, by language
    order: { properties: { en: keyword, ru: keyword } },
    ...{ audience: keyword, status: keyword, type: keyword, genre_ids: keyword },
    // a credit is here twice: as PERSON and as PERSON:ROLE
    ...{ credits: keyword, person_ids: keyword, countries: keyword },
    ...{ age_rating: integer, release_date: keyword, release_year: integer },
    ...{ external_rating: double, rating_points: integer, seasons: integer },
    // what a rating adds to a score; what the order at random is made of
    ...{ bonus: integer, lot: { type: 'long' } },
    // how many films of each audience a person took part in
    numbers: { type: 'nested', properties: { audience: keyword, films: integer } },
    // persons whose numbers do not know of this film's last change yet
    uncounted: { type: 'keyword', index: false, doc_values: false },
    ...{ word: keyword, sound: keyword },
    ...{ owner: keyword, until: { type: 'long' } },
  },
}
