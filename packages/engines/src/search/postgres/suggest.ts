import { HEARD } from '../document-text.js'
import { allWords, MOST_CORRECTIONS } from '../reading/reading.js'
import { plainReadings } from '../reading/typed-text.js'
import { soundOf } from '../sounds.js'
import type { DocumentKind, Suggestion, SuggestQuery } from '../search-index.js'
import { type Bind, createBindings, type Run } from './connection.js'
import { visibleSql } from './film-filter.js'
import { tableOf } from './tables.js'
import { correctionsOf } from './vocabulary.js'

/** Of more completions than this, some are not considered. */
const MOST_CONSIDERED = 500
/** What so short a prefix begins is so much that it is first looked for among the best. */
const SHORT = 2
const BEST = 500
/** A prefix that sounds shorter is not listened to: too much is like it. */
const SHORTEST_HEARD = 3

/** The words of a prefix, each in any of its forms, the typed one first; the last is being typed. */
type Prefix = readonly (readonly string[])[]

export async function suggest(run: Run, query: SuggestQuery): Promise<readonly Suggestion[]> {
  const prefixes = plainReadings(query.prefix).map(allWords)
  for (const words of prefixes) {
    const found = await completeShort(
      run,
      words.map((word) => [word]),
      query,
    )
    if (found.length > 0) return found
  }
  const [typed] = prefixes
  if (!typed) return []
  const corrections = await correctionsOf(run, typed)
  if (corrections.size === 0) return []
  const corrected = typed.map((word) => [
    word,
    ...(corrections.get(word) ?? []).slice(0, MOST_CORRECTIONS),
  ])
  return complete(run, { prefix: corrected, rows: rowsOf }, query)
}

async function completeShort(run: Run, prefix: Prefix, query: SuggestQuery) {
  const isShort = prefix.length === 1 && prefix[0]![0]!.length <= SHORT
  if (isShort) {
    const found = await complete(run, { prefix, rows: bestRowsOf }, query)
    if (found.length === query.limit) return found
  }
  return complete(run, { prefix, rows: rowsOf }, query)
}

type Rows = (kind: DocumentKind, bind: Bind, audiences: readonly string[]) => string

/** SQL of everything of a kind that exists for the viewer. */
const rowsOf: Rows = (kind, bind, audiences) =>
  `SELECT * FROM ${tableOf(kind)} WHERE ${kind === 'film' ? visibleSql(bind, audiences) : 'live'}`

// OFFSET 0: the best are looked up, not all that the prefix begins
const looked = (best: string, kind: DocumentKind) =>
  `SELECT rows.* FROM (${best}) AS best, LATERAL (SELECT * FROM ${tableOf(kind)} WHERE id = best.id AND live OFFSET 0) AS rows`

/** The same of the films rated best and of the persons with most films. */
const bestRowsOf: Rows = (kind, bind, audiences) => {
  if (kind === 'genre') return rowsOf(kind, bind, audiences)
  if (kind === 'film') {
    const rated = `SELECT id FROM search.film_facts WHERE ${visibleSql(bind, audiences)}
      ORDER BY coalesce(external_rating, '-infinity') DESC, id DESC LIMIT ${BEST}`
    return looked(rated, kind)
  }
  const busiest = `SELECT DISTINCT person_id AS id FROM unnest(${bind(audiences)}::text[]) AS of, LATERAL (
    SELECT person_id FROM search.person_films WHERE audience = of ORDER BY films DESC, person_id DESC LIMIT ${BEST}
  ) AS numbers`
  return looked(busiest, kind)
}

/** Best first; those that are equally good alternate between the kinds. */
function complete(
  run: Run,
  { prefix, rows }: { prefix: Prefix; rows: Rows },
  { language, audiences, limit }: SuggestQuery,
): Promise<Suggestion[]> {
  const { values, bind } = createBindings()
  const typed = prefix.map(([word]) => word!)
  const sounds = typed.map(soundOf)
  const isHeard = sounds.join('').length >= SHORTEST_HEARD
  const heard = bind(isHeard ? HEARD + sounds.join(' ') : null)
  const name = bind(typed.join(' '))
  const literal = `to_tsquery('simple', ${bind(questionOf(prefix, literally))})`
  const question = `to_tsquery('simple', ${bind(questionOf(prefix, isHeard ? withHeard : literally))})`
  const weights: Readonly<Record<DocumentKind, string>> = {
    film: 'coalesce(external_rating, 0)',
    person: `(SELECT coalesce(sum(films), 0) FROM search.person_films
      WHERE person_id = id AND audience = ANY(${bind(audiences)}::text[]))`,
    genre: '0',
  }
  const kinds = (Object.keys(weights) as DocumentKind[]).map(
    (
      kind,
    ) => `(SELECT '${kind}' AS kind, id, name_${language} AS text, names, prefixes, ${weights[kind]} AS weight
      FROM (${rows(kind, bind, audiences)}) AS ${kind}s WHERE prefixes @@ ${question} LIMIT ${MOST_CONSIDERED})`,
  )
  return run(
    `SELECT kind, id, text FROM (
      SELECT *, row_number() OVER (PARTITION BY kind ORDER BY score DESC, weight DESC, text, id) AS place
      FROM (
        SELECT *, CASE WHEN ${name}::text = ANY(names) THEN 5 WHEN ${heard}::text = ANY(names) THEN 4
          WHEN EXISTS (SELECT FROM unnest(names) AS name WHERE starts_with(name, ${name}::text)) THEN 3
          WHEN EXISTS (SELECT FROM unnest(names) AS name WHERE starts_with(name, ${heard}::text)) THEN 2
          WHEN prefixes @@ ${literal} THEN 1 ELSE 0 END AS score
        FROM (${kinds.join(' UNION ALL ')}) AS completed
      ) AS scored
    ) AS placed
    ORDER BY score DESC, place, kind, id LIMIT ${bind(limit)}`,
    values,
  )
}

/** Whole words, but the last, which is being typed. */
const questionOf = (prefix: Prefix, lexemesOf: (word: string) => readonly string[]): string =>
  prefix
    .map((forms, index) =>
      forms
        .flatMap(lexemesOf)
        .map((lexeme) => `'${lexeme}'${index === prefix.length - 1 ? ':*' : ''}`)
        .join(' | '),
    )
    .map((forms) => `(${forms})`)
    .join(' & ')

const literally = (word: string) => [word]

const withHeard = (word: string): string[] => {
  const sound = /\p{L}/u.test(word) ? soundOf(word) : ''
  return sound === '' ? [word] : [word, HEARD + sound]
}
