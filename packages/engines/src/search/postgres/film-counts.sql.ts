import { inItsSchema } from './trigger.sql.js'

interface Counted {
  readonly table: string
  /** The column of what films are counted by. */
  readonly by: string
  /** SELECT of it, of the audience and of `number` for each of `films`, a table of films. */
  readonly select: (films: string, number: 1 | -1) => string
}

/** A table of how many films of each audience something has, kept by the statements that write films. */
export function filmCountsSql({ table, by, select }: Counted): string {
  const count = (event: string, tables: string, changes: readonly string[]) => `
CREATE FUNCTION search.${table}_${event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${inItsSchema(`INSERT INTO search.${table} AS stored
  SELECT counted, audience, sum(films) FROM (${changes.join(' UNION ALL ')}) AS changed (counted, audience, films)
  GROUP BY counted, audience HAVING sum(films) <> 0
  -- the same order everywhere, or two writers wait for each other
  ORDER BY counted, audience
  ON CONFLICT (${by}, audience) DO UPDATE SET films = stored.films + excluded.films`)}
  RETURN NULL;
END $$;
CREATE TRIGGER ${table}_${event} AFTER ${event} ON search.films REFERENCING ${tables}
  FOR EACH STATEMENT EXECUTE FUNCTION search.${table}_${event}();
`
  return `
CREATE TABLE search.${table} (
  ${by} text COLLATE "C",
  audience text COLLATE "C",
  films int NOT NULL,
  PRIMARY KEY (${by}, audience)
);
${count('insert', 'NEW TABLE AS after', [select('after', 1)])}
${count('update', 'OLD TABLE AS before NEW TABLE AS after', [select('after', 1), select('before', -1)])}
${count('delete', 'OLD TABLE AS before', [select('before', -1)])}`
}
