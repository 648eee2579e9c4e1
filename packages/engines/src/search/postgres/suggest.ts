import type { DocumentKind, Suggestion, SuggestQuery } from '../search-index.js'
import { createBindings, type Run } from './connection.js'
import { visibleSql } from './film-filter.js'
import { correctionsOf, plainReadings, type Reading } from './reading.js'
import { tableOf } from './tables.js'

/** Of more completions than this, some are not considered; only prefixes of a letter or two have them. */
const MOST_CONSIDERED = 1_000

export async function suggest(run: Run, query: SuggestQuery): Promise<readonly Suggestion[]> {
  const readings = plainReadings(query.prefix)
  for (const reading of readings) {
    const found = await complete(run, reading, query)
    if (found.length > 0) return found
  }
  const [typed] = readings
  if (!typed) return []
  const corrections = await correctionsOf(run, [typed])
  const corrected = typed.map(([word]) => [word!, ...corrections.get(word!)!])
  return corrected.some((forms) => forms.length > 1) ? complete(run, corrected, query) : []
}

/** Best first; those that are equally good alternate between the kinds. */
function complete(run: Run, reading: Reading, query: SuggestQuery): Promise<Suggestion[]> {
  const { language, audiences, limit } = query
  const { values, bind } = createBindings()
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
  return run(
    `SELECT kind, id, text FROM (
      SELECT *, row_number() OVER (PARTITION BY kind ORDER BY score DESC, weight DESC, text, id) AS place
      FROM (
        SELECT *, CASE WHEN ${typed}::text = ANY(names) THEN 3
          WHEN EXISTS (SELECT FROM unnest(names) AS name WHERE starts_with(name, ${typed}::text)) THEN 2
          ELSE 1 END AS score
        FROM (${kinds.join(' UNION ALL ')}) AS completed
      ) AS scored
    ) AS placed
    ORDER BY score DESC, place, kind, id LIMIT ${bind(limit)}`,
    values,
  )
}

/** Whole words, but the last, which is being typed. */
const prefixOf = (reading: Reading): string =>
  reading
    .map((forms, index) =>
      forms.map((word) => `'${word}'${index === reading.length - 1 ? ':*' : ''}`).join(' | '),
    )
    .map((forms) => `(${forms})`)
    .join(' & ')
