import type { FilmFacet } from '../search-index.js'
import { filmCountsSql } from './film-counts.sql.js'

/** SQL of the values that a film has of a facet, over a table of films. */
export const FACET_VALUES: Readonly<Record<FilmFacet, string>> = {
  GENRE: 'unnest(genre_ids)',
  TYPE: 'type',
  YEAR: 'release_year',
  AGE_RATING: 'age_rating',
  COUNTRY: 'unnest(countries)',
  RATING: 'floor(external_rating)::int',
}

const listed = Object.entries(FACET_VALUES).map(
  ([facet, value]) => `SELECT '${facet}:' || ${value} AS facet_value`,
)

/**
 * How many films of each audience have each value of each facet, as FACET:VALUE, and how many there are, as ALL: whoever asks of the whole
 * catalogue need not count it.
 */
export const FACET_FILMS_SQL = filmCountsSql({
  table: 'facet_films',
  by: 'facet_value',
  select: (films, number) =>
    `SELECT facet_value, audience, ${number} FROM ${films}, LATERAL (SELECT 'ALL' AS facet_value UNION ALL ${listed.join(' UNION ALL ')}) AS listed
    WHERE live AND facet_value IS NOT NULL`,
})
