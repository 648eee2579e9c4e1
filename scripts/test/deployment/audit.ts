import { randomUUID } from 'node:crypto'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { TOPICS } from '@cinegraph/events/topics'
import { type Difference, differences } from '@cinegraph/indexer/compare'
import { KINDS } from '@cinegraph/indexer/project'
import { startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually, until } from '@cinegraph/testkit/until'
import { afterAll, expect } from 'vitest'
import { catalogueOf } from '../../src/catalogue/reindex.js'
import { ask } from '../harness.js'
import type { EditedFilm, Load } from './load.js'

export interface AuditOptions {
  /** The public address. */
  readonly url: string
  readonly databaseUrl: string
  readonly eventLogUrl: string
  readonly searchUrl: string
}

export interface Audit {
  /** Each acknowledged write is there, once, and was told of, and is found as `editor` looks for it. */
  expectKept(load: Load, editor: string): Promise<void>
}

/** Holds what people were told against rows, events and the search index. It ends with the test file. */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { log } = memoryLog()
  const postgres = openPostgres({ url: options.databaseUrl, log })
  const eventLog = openEventLog({ url: options.eventLogUrl, postgres, topics: TOPICS, log })
  /** Versions that events tell of, by film. */
  const told = new Map<string, Set<number>>()
  const auditor = eventLog.consume({
    ...{ group: `auditor-${randomUUID()}`, topics: TOPICS.map(({ name }) => name) },
    async handle({ records }) {
      for (const { key, value } of records) {
        const { version } = JSON.parse(value) as { version: number }
        told.set(key, (told.get(key) ?? new Set()).add(version))
      }
    },
  })
  const services = [postgres, eventLog, auditor]
  await startAll(services)
  afterAll(() => stopAll(services, AbortSignal.timeout(10_000)))

  /** Every version is in the audit, the events and the row; each acknowledged title under its own, others at most once. */
  async function expectEdited(film: EditedFilm, editor: string): Promise<void> {
    const { id, acknowledged, unanswered } = film
    const { rows } = await postgres.pool.query<{ version: number; changes: unknown }>(
      'SELECT version, changes FROM films.film_audit WHERE film_id = $1 ORDER BY version',
      [id],
    )
    const last = rows.length
    expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1))
    expect(acknowledged.length).toBeGreaterThan(2)
    const versionsWith = (title: string) =>
      rows.filter(({ changes }) => afterOf(changes).includes(title)).map(({ version }) => version)
    for (const { version, title } of acknowledged) expect(versionsWith(title)).toEqual([version])
    const written = unanswered.flatMap((title) => versionsWith(title))
    expect(new Set(written).size).toBe(written.length)
    expect(acknowledged.length + written.length).toBe(last)
    const { version } = await postgres.prisma.film.findUniqueOrThrow({ where: { id } })
    expect(version).toBe(last)
    const title = [...acknowledged.map((it) => it.title), ...unanswered].find((it) =>
      versionsWith(it).includes(last),
    )!
    await eventually(async () => {
      expect([...(told.get(id) ?? [])].toSorted((a, b) => a - b)).toEqual(
        rows.map(({ version }) => version),
      )
      expect(await found({ url: options.url, editor, title })).toEqual([id])
    })
  }

  return {
    async expectKept({ films, signedUp }, editor) {
      expect(signedUp.length).toBeGreaterThan(0)
      const logins = await postgres.pool.query<{ login: string }>(
        'SELECT login FROM users."user" WHERE login = ANY ($1) ORDER BY login',
        [signedUp],
      )
      expect(logins.rows.map(({ login }) => login)).toEqual(signedUp.toSorted())
      for (const film of films) await expectEdited(film, editor)
      await eventually(async () => {
        const { rows } = await postgres.pool.query('SELECT * FROM platform.outbox')
        expect(rows).toEqual([])
      })
      expect(await differencesIn(options.searchUrl, postgres)).toEqual([])
    },
  }
}

/** What is there after an edit, without what was there before. */
const afterOf = (changes: unknown) =>
  JSON.stringify((changes as { after: unknown }[]).map(({ after }) => after))

/** Ids of films, as an editor finds them. */
async function found(sought: { url: string; editor: string; title: string }): Promise<string[]> {
  const { url, editor: token, title } = sought
  const query = `query ($text: String!) { searchFilms(text: $text) { edges { node { id } } } }`
  const { data } = await ask(url, { query, variables: { text: title }, token })
  const { edges } = data!['searchFilms'] as { edges: { node: { id: string } }[] }
  return edges.map(({ node }) => node.id)
}

/** Where the index is not what the catalogue is; of two indexes, where either is not. */
async function differencesIn(url: string, postgres: Postgres): Promise<Difference[]> {
  const search = openSearchIndex({ url, postgres, log: memoryLog().log })
  await search.start()
  try {
    await until(() => !search.degraded)
    const found: Difference[] = []
    for (const kind of KINDS) {
      for await (const it of differences(kind, { source: catalogueOf(postgres), search })) {
        found.push(it)
      }
    }
    return found
  } finally {
    await search.stop(AbortSignal.timeout(10_000))
  }
}
