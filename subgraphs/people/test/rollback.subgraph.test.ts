import { beforeAll, expect, it } from 'vitest'
import { editingOf, named } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
})

/** While `work` runs every edit fails, but no sooner than at its commit: all statements have been done by then. */
async function withFailingCommits<T>(work: () => Promise<T>): Promise<T> {
  const { pool } = people.postgres
  await pool.query(`
    CREATE FUNCTION people.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused at the commit'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON people.people_audit
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people.refuse()`)
  try {
    return await work()
  } finally {
    await pool.query('DROP FUNCTION people.refuse CASCADE')
  }
}

/** All that an edit may write. */
async function rows(): Promise<unknown> {
  const { rows } = await people.postgres.pool.query(
    `SELECT table_name, query_to_xml(format('SELECT * FROM %I.%I AS t ORDER BY t::text', table_schema, table_name), true, false, '')::text
     FROM information_schema.tables
     WHERE (table_schema = 'people' OR table_name = 'outbox') AND table_type = 'BASE TABLE' ORDER BY table_name`,
  )
  return rows
}

type Attempt = () => Promise<unknown>

/** Edits of something there is, each to be tried again. */
const EDITS: Readonly<Record<string, () => Promise<Attempt>>> = {
  async updatePerson() {
    const id = await people.seed.person()
    return () => editing.updatePerson.tried({ id, version: 1, input: named('Another') })
  },
  async deletePerson() {
    const id = await people.seed.person()
    await people.seed.film({ credits: [{ personId: id, role: 'ACTOR', order: 1 }] })
    return () => editing.deletePerson.tried({ id, version: 1, force: true })
  },
  async mergePersons() {
    const [id, mergedId] = [await people.seed.person(), await people.seed.person()]
    await people.seed.film({ credits: [{ personId: mergedId, role: 'ACTOR', order: 1 }] })
    const input = { id, version: 1, mergedId, mergedVersion: 1 }
    return () => editing.mergePersons.tried({ input })
  },
  async updateGenre() {
    const id = await people.seed.genre({ slug: 'drama', name: { en: 'Drama' } })
    return () => editing.updateGenre.tried({ id, version: 1, input: named('Another') })
  },
  async setFilmLinks() {
    const [filmId, personId] = [await people.seed.knownFilm(), await people.seed.person()]
    const input = { credits: [{ personId, role: 'DIRECTOR' }] }
    return () => editing.setFilmLinks.tried({ filmId, version: 0, input })
  },
}

it.each(Object.entries(EDITS))(
  '%s that fails at its commit leaves no row, no entry in the audit and no event',
  async (_, prepare) => {
    const edit = await prepare()
    const before = await rows()
    expect(await withFailingCommits(edit)).toBe('INTERNAL_SERVER_ERROR')
    expect(await rows()).toEqual(before)
    // nothing else stood in its way
    expect(await edit()).toBeUndefined()
    expect(await rows()).not.toEqual(before)
  },
)
