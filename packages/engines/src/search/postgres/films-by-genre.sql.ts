import { inItsSchema } from './trigger.sql.js'

const OF_GENRES = `SELECT genre_id, audience, coalesce(external_rating, '-infinity') AS rating, id
  FROM after, unnest(genre_ids) AS genre_id WHERE live`

const following = (event: 'insert' | 'update') => `
CREATE TRIGGER shelve_${event} AFTER ${event} ON search.films REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION search.shelve_films();
`

/**
 * The films of each genre in the order of their rating: of a genre of a third of the catalogue no more is read than the best. Kept by the
 * statements that write films.
 */
export const FILMS_BY_GENRE_SQL = `
CREATE TABLE search.films_by_genre (
  genre_id text COLLATE "C",
  audience text COLLATE "C" NOT NULL,
  rating float8 NOT NULL,
  id text COLLATE "C",
  PRIMARY KEY (id, genre_id)
);

CREATE FUNCTION search.shelve_films() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema(`DELETE FROM search.films_by_genre AS stored USING after
  WHERE stored.id = after.id AND NOT (live AND genre_id = ANY(genre_ids))`)}
  ${inItsSchema(`INSERT INTO search.films_by_genre AS stored ${OF_GENRES}
  ON CONFLICT (id, genre_id) DO UPDATE SET audience = excluded.audience, rating = excluded.rating
  WHERE (stored.audience, stored.rating) <> (excluded.audience, excluded.rating)`)}
  RETURN NULL;
END $$;
${following('insert')}
${following('update')}
CREATE FUNCTION search.unshelve_films() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema('DELETE FROM search.films_by_genre WHERE id IN (SELECT id FROM before)')}
  RETURN NULL;
END $$;
CREATE TRIGGER unshelve AFTER DELETE ON search.films REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION search.unshelve_films();
`

export const FILMS_BY_GENRE_INDEXES = ['search.films_by_genre (genre_id, audience, rating, id)']
