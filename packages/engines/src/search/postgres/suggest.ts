import type { DocumentKind, Suggestion, SuggestQuery } from '../search-index.js'
import { createBindings, type Bind, type Run } from './connection.js'
import { visibleSql } from './film-filter.js'
import { correctionsOf, plainReadings, type Reading } from './reading.js'
import { tableOf } from './rows.js'

/** Of more completions than this, some are not considered; only prefixes of a letter or two have them. */
const MOST_CONSIDERED = 2_000

export async function suggest(run: Run, query: SuggestQuery): Promise<readonly Suggestion[]> {
  const readings = plainReadings(query.prefix)
  if (readings.length === 0) return []
  const found = await complete(run, readings, query)
  if (found.length > 0) return found
  const corrections = await correctionsOf(run, readings)
  const corrected = readings.map((reading) =>
    reading.map(([word]) => [word!, ...corrections.get(word!)!]),
  )
  return complete(run, corrected, query)
}

/** The completions of the first reading that has any. */
async function complete(
  run: Run,
  readings: readonly Reading[],
  query: SuggestQuery,
): Promise<Suggestion[]> {
  const { values, bind } = createBindings()
  const selects = readings.map((reading, index) => completionsSql(bind, { reading, index, query }))
  const rows = await run<Suggestion & { reading: number }>(selects.join(' UNION ALL '), values)
  const first = Math.min(...rows.map(({ reading }) => reading))
  return rows
    .filter(({ reading }) => reading === first)
    .map(({ kind, id, text }) => ({ kind, id, text }))
}

interface Completion {
  reading: Reading
  index: number
  query: SuggestQuery
}

/** Best first; those that are equally good alternate between the kinds. */
function completionsSql(bind: Bind, { reading, index, query }: Completion): string {
  const { language, audiences, limit } = query
  const prefix = bind(prefixOf(reading))
  const typed = bind(reading.map(([word]) => word!).join(' '))
  const select = (kind: DocumentKind, weight: string, visible: string) => `
    (SELECT '${kind}' AS kind, id, name_${language} AS text, names, ${weight} AS weight
    FROM ${tableOf(kind)} WHERE ${visible} AND prefixes @@ to_tsquery('simple', ${prefix})
    LIMIT ${MOST_CONSIDERED})`
  const kinds = [
    select('film', 'coalesce(external_rating, 0)', visibleSql(bind, audiences)),
    select('person', '0', 'live'),
    select('genre', '0', 'live'),
  ]
  return `(SELECT ${index} AS reading, kind, id, text FROM (
      SELECT *, row_number() OVER (PARTITION BY kind ORDER BY score DESC, weight DESC, text, id) AS place
      FROM (
        SELECT *, CASE WHEN ${typed}::text = ANY(names) THEN 3
          WHEN EXISTS (SELECT FROM unnest(names) AS name WHERE starts_with(name, ${typed}::text)) THEN 2
          ELSE 1 END AS score
        FROM (${kinds.join(' UNION ALL ')}) AS completed
      ) AS scored
    ) AS placed
    ORDER BY score DESC, place, kind, id LIMIT ${bind(limit)})`
}

/** Whole words, but the last, which is being typed. */
const prefixOf = (reading: Reading): string =>
  reading
    .map((forms, index) =>
      forms.map((word) => `'${word}'${index === reading.length - 1 ? ':*' : ''}`).join(' | '),
    )
    .map((forms) => `(${forms})`)
    .join(' & ')
