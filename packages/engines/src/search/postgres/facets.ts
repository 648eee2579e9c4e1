import type { FacetBucket, FilmFacet, SearchIndex } from '../search-index.js'
import { createBindings, type Run } from './connection.js'
import { filmConditions, type FilmConditions, filmTable, visibleSql } from './film-filter.js'
import { readFilmText, type FilmText } from './films.js'
import { matchesSql } from './relevance.js'

const VALUES: Readonly<Record<FilmFacet, string>> = {
  GENRE: 'unnest(genre_ids)',
  TYPE: 'type',
  YEAR: 'release_year',
  AGE_RATING: 'age_rating',
  COUNTRY: 'unnest(countries)',
  RATING: 'floor(external_rating)::int',
}

export async function countFacets(
  run: Run,
  query: FilmText,
  facets: readonly FilmFacet[],
): ReturnType<SearchIndex['filmFacets']> {
  const wanted = [...new Set(facets)]
  const counts = new Map<FilmFacet, FacetBucket[]>(wanted.map((facet) => [facet, []]))
  if (wanted.length === 0) return counts
  const reading = await readFilmText(run, query)
  const { values, bind } = createBindings()
  const conditions = filmConditions(bind, query.filter)
  const text = reading ? [matchesSql(bind, reading)] : []
  const rows = await run<{ facet: FilmFacet } & FacetBucket>(
    facetsSql(
      wanted,
      { ...conditions, other: [...conditions.other, ...text] },
      filmTable(query.filter, reading),
    ),
    values,
  )
  for (const { facet, value, count } of rows) counts.get(facet)!.push({ value, count })
  return counts
}

/**
 * A facet's own filter is kept as a column, so that the other facets can apply it. Films that a text or a credit finds are looked up once;
 * of the facts of all films each facet reads its own again, which is quicker than to keep them aside.
 */
function facetsSql(
  facets: readonly FilmFacet[],
  conditions: FilmConditions,
  table: string,
): string {
  const { visible, other, byFacet } = conditions
  const filtered = Object.entries(byFacet) as [FilmFacet, string][]
  const columns = filtered.filter(([facet]) => facets.includes(facet))
  const always = filtered.filter(([facet]) => !facets.includes(facet)).map(([, sql]) => sql)
  const passes = columns.map(([facet, sql]) => `, (${sql}) AS passes_${facet.toLowerCase()}`)
  const counts = facets.map((facet) => {
    const others = columns
      .filter(([it]) => it !== facet)
      .map(([it]) => `passes_${it.toLowerCase()}`)
    return `SELECT '${facet}' AS facet, listed.value::text AS value, count(*)::int AS count
      FROM (SELECT ${VALUES[facet]} AS value FROM films WHERE ${['true', ...others].join(' AND ')}) AS listed
      WHERE listed.value IS NOT NULL GROUP BY listed.value`
  })
  const kept = table === 'search.film_facts' ? 'NOT MATERIALIZED' : 'MATERIALIZED'
  return `WITH films AS ${kept} (
      SELECT type, genre_ids, release_year, age_rating, countries, external_rating ${passes.join('')}
      FROM ${table} WHERE ${[visible, ...other, ...always].join(' AND ')}
    )
    SELECT facet, value, count FROM (${counts.join(' UNION ALL ')}) AS counted
    ORDER BY count DESC, value COLLATE "C"`
}

export async function countByGenre(
  run: Run,
  genreIds: readonly string[],
  audiences: readonly string[],
): ReturnType<SearchIndex['filmCountsByGenre']> {
  const { values, bind } = createBindings()
  const wanted = `${bind(genreIds)}::text[]`
  const rows = await run<{ genre: string; count: number }>(
    `SELECT genre, count(*)::int AS count FROM search.film_facts, unnest(genre_ids) AS genre
    WHERE ${visibleSql(bind, audiences)} AND genre_ids && ${wanted} AND genre = ANY(${wanted})
    GROUP BY genre`,
    values,
  )
  const counts = new Map(rows.map(({ genre, count }) => [genre, count]))
  return new Map(genreIds.map((id) => [id, counts.get(id) ?? 0]))
}
