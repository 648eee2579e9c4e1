import type { FacetBucket, FilmFacet, SearchIndex } from '../search-index.js'
import { createBindings, type Run } from './connection.js'
import { FACET_VALUES } from './facet-films.sql.js'
import {
  filmConditions,
  type FilmConditions,
  filmTable,
  isWholeCatalogue,
  visibleSql,
} from './film-filter.js'
import { readFilmText, type FilmText } from './films.js'
import { matchesSql } from './relevance.js'

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
  const isKept = (facet: FilmFacet) => isWholeCatalogue(conditions, { reading, but: facet })
  const kept = wanted.filter(isKept)
  const counted = wanted.filter((facet) => !isKept(facet))
  const text = reading ? [matchesSql(bind, reading)] : []
  const count = () =>
    run<Row>(
      facetsSql(
        counted,
        { ...conditions, other: [...conditions.other, ...text] },
        filmTable(query.filter, reading),
      ),
      values,
    )
  const rows = await Promise.all([
    kept.length > 0 ? readKept(run, kept, query.filter.audiences) : [],
    counted.length > 0 ? count() : [],
  ])
  for (const { facet, value, count } of rows.flat()) counts.get(facet)!.push({ value, count })
  return counts
}

type Row = { facet: FilmFacet } & FacetBucket

/** Of the whole catalogue they are kept. */
function readKept(run: Run, facets: readonly FilmFacet[], audiences: readonly string[]) {
  const { values, bind } = createBindings()
  const facet = `split_part(facet_value, ':', 1)`
  return run<Row>(
    `SELECT facet, value, sum(films)::int AS count FROM (
      SELECT ${facet} AS facet, substr(facet_value, strpos(facet_value, ':') + 1) AS value, films
      FROM search.facet_films
      WHERE films > 0 AND ${visibleSql(bind, audiences)} AND ${facet} = ANY(${bind(facets)}::text[])
    ) AS kept
    GROUP BY facet, value ORDER BY count DESC, value COLLATE "C"`,
    values,
  )
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
      FROM (SELECT ${FACET_VALUES[facet]} AS value FROM films WHERE ${['true', ...others].join(' AND ')}) AS listed
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
  const rows = await run<{ genre: string; count: number }>(
    `SELECT genre, sum(films)::int AS count FROM unnest(${bind(genreIds)}::text[]) AS genre
    JOIN search.facet_films ON facet_value = 'GENRE:' || genre
    WHERE ${visibleSql(bind, audiences)} GROUP BY genre`,
    values,
  )
  const counts = new Map(rows.map(({ genre, count }) => [genre, count]))
  return new Map(genreIds.map((id) => [id, counts.get(id) ?? 0]))
}
