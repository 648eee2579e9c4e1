import { inItsSchema } from './trigger.sql.js'

const creditsOf = (films: string, number: 1 | -1) =>
  // a credit without a role is the person
  `SELECT credit AS person_id, audience, ${number} AS films FROM ${films}, unnest(credits) AS credit WHERE live AND credit NOT LIKE '%:%'`

const following = (event: string, tables: string, changes: readonly string[]) => `
CREATE FUNCTION search.count_${event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema(`INSERT INTO search.person_films AS stored
  SELECT person_id, audience, sum(films) FROM (${changes.join(' UNION ALL ')}) AS changed
  GROUP BY person_id, audience HAVING sum(films) <> 0
  -- the same order everywhere, or two writers wait for each other
  ORDER BY person_id, audience
  ON CONFLICT (person_id, audience) DO UPDATE SET films = stored.films + excluded.films`)}
  RETURN NULL;
END $$;
CREATE TRIGGER count_${event} AFTER ${event} ON search.films REFERENCING ${tables}
  FOR EACH STATEMENT EXECUTE FUNCTION search.count_${event}();
`

/** How many films of each audience a person took part in, kept by the statements that write films. */
export const PERSON_FILMS_SQL = `
CREATE TABLE search.person_films (
  person_id text COLLATE "C",
  audience text COLLATE "C",
  films int NOT NULL,
  PRIMARY KEY (person_id, audience)
);
${following('insert', 'NEW TABLE AS after', [creditsOf('after', 1)])}
${following('update', 'OLD TABLE AS before NEW TABLE AS after', [creditsOf('after', 1), creditsOf('before', -1)])}
${following('delete', 'OLD TABLE AS before', [creditsOf('before', -1)])}
-- everyone's number is there for every person, so that a list by it is one walk along the index
CREATE FUNCTION search.count_none() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema(`INSERT INTO search.person_films SELECT id, 'everyone', 0 FROM after ORDER BY id ON CONFLICT DO NOTHING`)}
  RETURN NULL;
END $$;
CREATE TRIGGER count_none AFTER INSERT ON search.persons REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION search.count_none();
`

export const PERSON_FILMS_INDEXES = ['search.person_films (audience, films, person_id)']
