import { filmCountsSql } from './film-counts.sql.js'
import { inItsSchema } from './trigger.sql.js'

/** How many films of each audience a person took part in, and in which role. */
export const PERSON_FILMS_SQL = `${filmCountsSql({
  table: 'person_films',
  by: 'person_id',
  // a credit without a role is the person
  select: (films, number) =>
    `SELECT credit, audience, ${number} FROM ${films}, unnest(credits) AS credit WHERE live AND credit NOT LIKE '%:%'`,
})}
${filmCountsSql({
  table: 'credit_films',
  by: 'credit',
  select: (films, number) =>
    `SELECT credit, audience, ${number} FROM ${films}, unnest(credits) AS credit WHERE live AND credit LIKE '%:%'`,
})}
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
