import { inItsSchema } from './trigger.sql.js'

const FACTS =
  'id, audience, status, type, genre_ids, countries, age_rating, release_date, release_year, external_rating, seasons, name_en, name_ru'.split(
    ', ',
  )

const following = (event: 'insert' | 'update') => `
CREATE TRIGGER follow_${event} AFTER ${event} ON search.films REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION search.follow_films();
`

/**
 * What films are filtered, sorted and counted by, without their texts, a tenth as wide: whoever lists or counts the whole catalogue reads
 * no more than that. Kept by the statements that write films; films that were removed are not in it.
 */
export const FILM_FACTS_SQL = `
CREATE TABLE search.film_facts (
  id text COLLATE "C" PRIMARY KEY,
  audience text NOT NULL,
  status text,
  type text,
  genre_ids text[],
  countries text[],
  age_rating int,
  release_date text COLLATE "C",
  release_year int,
  external_rating float8,
  seasons int,
  name_en text COLLATE "en-x-icu",
  name_ru text COLLATE "ru-x-icu"
);

CREATE FUNCTION search.follow_films() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema('DELETE FROM search.film_facts WHERE id IN (SELECT id FROM after WHERE NOT live)')}
  ${inItsSchema(`INSERT INTO search.film_facts AS stored (${FACTS.join(', ')})
  SELECT ${FACTS.join(', ')} FROM after WHERE live
  ON CONFLICT (id) DO UPDATE SET ${FACTS.map((fact) => `${fact} = excluded.${fact}`).join(', ')}`)}
  RETURN NULL;
END $$;
${following('insert')}
${following('update')}
-- a film is removed by what is left of it; this is for whoever clears the index
CREATE FUNCTION search.forget_films() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema('DELETE FROM search.film_facts WHERE id IN (SELECT id FROM before)')}
  RETURN NULL;
END $$;
CREATE TRIGGER follow_delete AFTER DELETE ON search.films REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION search.forget_films();
`

export const FILM_FACTS_INDEXES = [
  // whoever counts or shuffles everything reads nothing else
  'search.film_facts (audience, id)',
  'search.film_facts USING gin (genre_ids)',
  'search.film_facts USING gin (countries)',
  'search.film_facts (type)',
  // one for each sort; NULL stands last in both directions, so a date and a rating have two
  'search.film_facts (left(name_en, 200), id)',
  'search.film_facts (left(name_ru, 200), id)',
  `search.film_facts (coalesce(release_date, '~'), id)`,
  `search.film_facts (coalesce(release_date, ''), id)`,
  `search.film_facts (coalesce(external_rating, 'infinity'), id)`,
  `search.film_facts (coalesce(external_rating, '-infinity'), id)`,
]
