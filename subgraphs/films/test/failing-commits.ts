import type { Postgres } from '@cinegraph/engines/postgres/open'

/**
 * From now on an edit of the film, or of any without one, fails when it commits, all its statements done. Answers with what ends
 * that. The SQLSTATE is that of a bug unless another is given.
 */
export async function failCommits(
  { pool }: Pick<Postgres, 'pool'>,
  { filmId, sqlstate = 'P0001' }: { filmId?: string; sqlstate?: string } = {},
): Promise<() => Promise<unknown>> {
  const when = filmId === undefined ? '' : `WHEN (NEW.film_id = '${filmId}')`
  await pool.query(`
    CREATE FUNCTION films.fail_commit() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no commit' USING ERRCODE = TG_ARGV[0]; END $$;
    CREATE CONSTRAINT TRIGGER fail_commit AFTER INSERT ON films.film_audit
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW ${when} EXECUTE FUNCTION films.fail_commit('${sqlstate}')`)
  return () => pool.query('DROP FUNCTION films.fail_commit CASCADE')
}
