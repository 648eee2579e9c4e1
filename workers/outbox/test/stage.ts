import { randomUUID } from 'node:crypto'
import type { EventLog, LogRecord } from '@cinegraph/engines/event-log/event-log'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { announce } from '@cinegraph/engines/outbox/outbox.repository'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { createDecoder } from '@cinegraph/events/decode'
import { filmChanged } from '@cinegraph/events/domain/film.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import { TOPICS } from '@cinegraph/events/topics'
import type { Service } from '@cinegraph/kit/lifecycle'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll, vi } from 'vitest'

/** For conditions that hold soon, on a machine that may have much else to do. */
export const until = (condition: () => unknown) =>
  vi.waitUntil(condition, { timeout: 25_000, interval: 10 })

export interface Heard {
  readonly id: string
  readonly filmId: string
  readonly version: number
  readonly change: string
}

/** Films that change, and somebody who reads what the event log has of them. */
export interface Stage {
  readonly url: string
  readonly postgres: Postgres
  readonly eventLog: EventLog
  /** What was heard, in the order in which it was. */
  readonly heard: readonly Heard[]
  addFilm(): Promise<string>
  /** Raises the version of a film and announces it, in one transaction that may be rolled back. */
  change(filmId: string, outcome?: 'commit' | 'rollback'): Promise<void>
  /** Versions of all films, by their id. */
  versions(): Promise<ReadonlyMap<string, number>>
  /** Resolves when everything that was announced is heard. */
  settled(): Promise<void>
  run<S extends Service>(service: S): Promise<S>
}

const decode = createDecoder([filmChanged])
const GROUP = 'ledger'

const running: Service[] = []
afterAll(async () => {
  for (const service of running.splice(0).reverse()) {
    await service.stop(AbortSignal.timeout(10_000))
  }
})

/** A database of its own; all that it starts ends with the test file. */
export async function openStage(): Promise<Stage> {
  const run = async <S extends Service>(service: S): Promise<S> => {
    running.push(service)
    await service.start()
    return service
  }
  const { log } = memoryLog()
  const { url } = await createTestDatabase()
  const postgres = await run(openPostgres({ url, log }))
  const { prisma, pool } = postgres
  await pool.query('CREATE TABLE changing_film (id uuid PRIMARY KEY, version int DEFAULT 0)')
  const eventLog = await run(openEventLog({ url, postgres, topics: TOPICS, log }))
  const heard: Heard[] = []
  const handle = async ({ records }: { records: readonly LogRecord[] }) => {
    for (const record of records) {
      const decoded = decode(record)
      if (decoded.outcome === 'event') heard.push({ id: record.id, ...decoded.event.payload })
    }
  }
  const topics = TOPICS.map(({ name }) => name)
  await run(eventLog.consume({ group: GROUP, topics, handle }))
  return {
    ...{ url, postgres, eventLog, heard, run },
    async addFilm() {
      const id = randomUUID()
      await pool.query('INSERT INTO changing_film (id) VALUES ($1)', [id])
      return id
    },
    async change(filmId, outcome = 'commit') {
      const changing = prisma.$transaction(async (tx) => {
        const [film] = await tx.$queryRaw<[{ version: number }]>`
          UPDATE changing_film SET version = version + 1 WHERE id = ${filmId}::uuid RETURNING version`
        const change = outcome === 'commit' ? 'EDITED' : 'DELETED'
        const payload = { filmId, version: film.version, change } as const
        await announce(tx, [encodeEvent(filmChanged, payload, { occurredAt: new Date(0) })])
        if (outcome === 'rollback') throw new Error(ROLLED_BACK)
      })
      await changing.catch((error: unknown) => {
        if (!(error instanceof Error && error.message === ROLLED_BACK)) throw error
      })
    },
    async versions() {
      const { rows } = await pool.query<{ id: string; version: number }>(
        'SELECT id, version FROM changing_film',
      )
      return new Map(rows.map(({ id, version }) => [id, version]))
    },
    async settled() {
      await until(async () => (await prisma.outboxRow.count()) === 0)
      await until(async () => (await eventLog.progress(GROUP)).every(({ lag }) => lag === 0))
    },
    run,
  }
}

const ROLLED_BACK = 'changed my mind'

/** Versions of each film in the order in which they were heard first. */
export function firstsByFilm(heard: readonly Heard[]): ReadonlyMap<string, readonly number[]> {
  const byFilm = Map.groupBy(heard, ({ filmId }) => filmId)
  return new Map(
    [...byFilm].map(([filmId, all]) => [filmId, [...new Set(all.map(({ version }) => version))]]),
  )
}

/** 1 to the version of each film, but for those that never changed. */
export const expectedFirsts = (versions: ReadonlyMap<string, number>) =>
  new Map(
    [...versions]
      .filter(([, version]) => version > 0)
      .map(([filmId, version]) => [filmId, Array.from({ length: version }, (_, i) => i + 1)]),
  )
