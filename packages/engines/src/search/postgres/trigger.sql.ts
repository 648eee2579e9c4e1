/**
 * A statement of a trigger function on tables of the schema that its table is in when it fires: a rebuild gives the schema another
 * name, and text of a function stays as it was written.
 */
export const inItsSchema = (sql: string): string =>
  `EXECUTE format($sql$${sql.replaceAll('%', '%%').replaceAll(/\bsearch\./g, '%1$I.')}$sql$, TG_TABLE_SCHEMA);`
