import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type Postgres } from '../../postgres/open.js'
import { everything, film, person } from '../contract/catalogue.contract.js'
import { DOCUMENTS_VERSION } from './schema.js'
import { createPostgresSearchIndex } from './search-index.js'

const UNDEFINED_TABLE = '42P01'
const DEADLINE = AbortSignal.timeout(60_000)
const { log } = memoryLog()

describe('the index in Postgres', () => {
  const opened: Postgres[] = []
  afterAll(() => Promise.all(opened.map((it) => it.stop(DEADLINE))))

  let url: string
  let postgres: Postgres
  async function connect(given: { statementTimeoutMs?: number } = {}): Promise<Postgres> {
    const connected = openPostgres({ url, log, poolSize: 4, ...given })
    opened.push(connected)
    await connected.start()
    return connected
  }
  beforeEach(async () => {
    ;({ url } = await createTestDatabase({ empty: true }))
    postgres = await connect()
  })
  const indexOn = ({ pool }: Postgres) => createPostgresSearchIndex({ pool, log })
  /** The only one there is. */
  async function schemaOf({ pool }: Postgres): Promise<string> {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'search\\_%'`,
    )
    expect(rows).toHaveLength(1)
    return rows[0]!.name
  }

  it('starts in several processes at once', async () => {
    const processes = await Promise.all([connect(), connect(), connect()])
    const indexes = processes.map(indexOn)
    await Promise.all(indexes.map((index) => index.start()))
    await indexes[0]!.upsert('film', [film('a')])
    expect(await Promise.all(indexes.map((index) => index.count('film')))).toEqual([1, 1, 1])
  })

  it('leaves alone schemas of such names that are not its own', async () => {
    const index = indexOn(postgres)
    await index.start()
    const own = await schemaOf(postgres)
    await postgres.pool.query(`ALTER SCHEMA ${own} RENAME TO search_0123abcd`)
    await postgres.pool.query(`CREATE SCHEMA ${own} CREATE TABLE precious ()`)
    await expect(indexOn(postgres).start()).rejects.toThrow(ConfigError)
    await postgres.pool.query(`SELECT FROM ${own}.precious`)

    await postgres.pool.query('CREATE SCHEMA search CREATE TABLE precious ()')
    const next = createPostgresSearchIndex({
      ...{ pool: postgres.pool, log },
      documentsVersion: DOCUMENTS_VERSION + 1,
    })
    await next.start()
    await next.rebuild(async () => {})
    await postgres.pool.query(`SELECT FROM ${own}.precious, search.precious`)
  })

  it('is complete although a reader holds up the dropping of an old one, which comes later', async () => {
    const connected = await connect({ statementTimeoutMs: 200 })
    const open = async (version: number) => {
      const index = createPostgresSearchIndex({
        ...{ pool: connected.pool, log },
        documentsVersion: version,
      })
      await index.start()
      return index
    }
    await open(1)
    const oldest = await schemaOf(postgres)
    const index = await open(2)
    const reader = await postgres.pool.connect()
    await reader.query(`BEGIN; SELECT FROM ${oldest}.films`)
    await index.rebuild(async () => {})
    expect(await index.isComplete()).toBe(true)
    await reader.query(`SELECT FROM ${oldest}.films; ROLLBACK`)
    reader.release()
    await index.rebuild(async () => {})
    await expect(postgres.pool.query(`SELECT FROM ${oldest}.films`)).rejects.toThrow(
      'does not exist',
    )
  })

  it('clears up behind a rebuild that was killed, which writers bear meanwhile', async () => {
    const killed = await connect()
    const [index, other] = [indexOn(killed), indexOn(postgres)]
    await index.start()
    await other.start()
    const name = await schemaOf(postgres)
    const rebuilt = index.rebuild(async (next) => {
      await next.upsert('film', [film('a')])
      // as the end of a process does
      await postgres.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
    })
    await expect(rebuilt).rejects.toThrow(DependencyError)
    await postgres.pool.query(`SELECT FROM ${name}_next.films`)
    await other.upsert('film', [film('b')])
    expect(await other.count('film')).toBe(1)

    await other.rebuild(async (next) => {
      expect(await next.count('film')).toBe(0)
      await next.upsert('film', [film('b'), film('c')])
    })
    expect(await other.count('film')).toBe(2)
    expect(await schemaOf(postgres)).toBe(name)
  })

  it('keeps the old schema until statements that began with it have ended', async () => {
    const index = indexOn(postgres)
    await index.start()
    const name = await schemaOf(postgres)
    const [gate, reader] = [await postgres.pool.connect(), await postgres.pool.connect()]
    await gate.query('SELECT pg_advisory_lock(1)')
    // as searches do, it needs what no lock protects
    const read = reader.query<{ stem: string }>(
      `SELECT to_tsvector('${name}.stems', word)::text AS stem
       FROM (SELECT pg_advisory_lock(1), 'films' AS word) AS waiting`,
    )
    const rebuilt = index.rebuild((next) => next.upsert('film', [film('a')]))
    await until(async () => (await index.count('film')) === 1)
    await gate.query('SELECT pg_advisory_unlock(1)')
    expect((await read).rows).toEqual([{ stem: `'film':1` }])
    expect(await rebuilt).toBe('done')
    expect(await schemaOf(postgres)).toBe(name)
    gate.release(true)
    reader.release(true)
  })

  it('has what a slow writer was about to send to the one that took its place', async () => {
    const [index, writer] = [indexOn(postgres), indexOn(await connect())]
    await index.start()
    await writer.start()
    const name = await schemaOf(postgres)
    const holdUp = await (await connect()).pool.connect()
    let written: Promise<void> | undefined
    const rebuilt = index.rebuild(async (next) => {
      await next.upsert('film', [film('a')])
      await holdUp.query(`BEGIN; LOCK TABLE ${name}_next.vocabulary IN SHARE MODE`)
      written = writer.upsert('film', [film('b')])
      await until(async () => {
        const waiting = await holdUp.query(
          `SELECT FROM pg_locks WHERE NOT granted AND relation = '${name}_next.vocabulary'::regclass`,
        )
        return waiting.rowCount === 1
      })
    })
    await until(async () => (await index.count('film')) === 1)
    await holdUp.query('COMMIT')
    holdUp.release()
    await written
    expect(await rebuilt).toBe('done')
    expect(await index.count('film')).toBe(2)
  })

  it('starts with one question where there is nothing to make', async () => {
    await indexOn(postgres).start()
    let asked = 0
    postgres.pool.on('acquire', () => asked++)
    await indexOn(postgres).start()
    expect(asked).toBe(1)
  })

  it('says what it lacks when the user may not create it', async () => {
    await postgres.pool.query(`CREATE EXTENSION pg_trgm`)
    const database = new URL(url).pathname.slice(1)
    await postgres.pool.query(`CREATE ROLE "${database}_guest" LOGIN PASSWORD 'guest'`)
    const guest = new URL(url)
    guest.username = `${database}_guest`
    guest.password = 'guest'
    url = guest.href
    await expect(indexOn(await connect()).start()).rejects.toThrow(
      /^SEARCH_URL: the database cannot hold the index: permission denied/,
    )
    await postgres.pool.query(`DROP ROLE "${database}_guest"`)
  })

  it('answers with a DependencyError when Postgres fails, and tells the cause', async () => {
    const index = indexOn(postgres)
    await index.start()
    await postgres.pool.query(`DROP SCHEMA ${await schemaOf(postgres)} CASCADE`)
    const asked = [
      () => index.films(everything),
      () => index.filmCount({ ...everything, text: 'x' }),
      () => index.upsert('film', [film('a')]),
      () => index.suggest({ prefix: 'a', language: 'en', audiences: [], limit: 1 }),
    ]
    for (const ask of asked) {
      const error = await ask().catch((it: unknown) => it)
      expect(error).toBeInstanceOf(DependencyError)
      expect(error).toMatchObject({ engine: 'postgres', cause: { code: UNDEFINED_TABLE } })
    }
    expect(await index.ready()).toEqual({ ready: false, reason: 'does not answer' })
  })

  it('answers with a DependencyError when a statement takes too long', async () => {
    const index = indexOn(await connect({ statementTimeoutMs: 200 }))
    await index.start()
    const blocker = await postgres.pool.connect()
    await blocker.query(`BEGIN; LOCK TABLE ${await schemaOf(postgres)}.film_facts`)
    const answer = index.films(everything)
    await expect(answer).rejects.toMatchObject({
      engine: 'postgres',
      message: 'the query took too long',
    })
    await blocker.query('ROLLBACK')
    blocker.release()
  })

  it('asks a constant number of questions, however many documents there are', async () => {
    const index = indexOn(postgres)
    await index.start()
    let asked = 0
    postgres.pool.on('acquire', () => asked++)
    const questions = async () => {
      asked = 0
      await index.films({ ...everything, text: 'comet' })
      await index.filmFacets({ ...everything, text: 'comet' }, ['GENRE', 'YEAR'])
      await index.persons({ text: 'comet', language: 'en', sort: 'RELEVANCE', first: 100 })
      await index.similarFilms({ to: ['f0', 'f1'], filter: everything.filter, first: 100 })
      return asked
    }
    const ids = Array.from({ length: 90 }, (_, number) => `f${number}`)
    const genres = [{ id: 'drama', name: { en: 'Drama' } }]
    const comet = (id: string) => film(id, { title: { en: 'Comet' }, genres })
    await index.upsert('film', ids.slice(0, 3).map(comet))
    await index.upsert(
      'person',
      ids.slice(0, 3).map((id) => person(id, 'Comet', 'Комета')),
    )
    const few = await questions()
    await index.upsert('film', ids.map(comet))
    await index.upsert(
      'person',
      ids.map((id) => person(id, 'Comet', 'Комета')),
    )
    expect(await questions()).toBe(few)
    expect(few).toBeLessThanOrEqual(13)
  })
})
