import { announce } from '@cinegraph/engines/outbox/outbox.repository'
import { LockTimeoutError } from '@cinegraph/engines/postgres/adapter'
import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { AppError } from '@cinegraph/kit/errors'
import { FilmLinksRepository } from '../film/film-links.repository.js'
import { GenreEditingRepository } from '../genres/genre-editing.repository.js'
import { PersonEditingRepository } from '../persons/person-editing.repository.js'
import type { Edit, Work } from './edit.js'

/**
 * What may be read and written during an edit. Rows are locked in one order: slugs, genres, persons, then the links of films,
 * each by id. So edits wait for each other and never in a circle.
 */
export interface Catalogue {
  readonly persons: PersonEditingRepository
  readonly genres: GenreEditingRepository
  readonly links: FilmLinksRepository
}

const LOCK_TIMEOUT_MS = 5_000

export class EditingRepository {
  constructor(
    private readonly db: Pick<PrismaClient, '$transaction'>,
    private readonly lockTimeoutMs: number = LOCK_TIMEOUT_MS,
  ) {}

  /**
   * Runs `work` as the user `by`, all or nothing: its rows, its entries in the audit, its events. Throws CONFLICT when another
   * edit keeps a row for too long: edits that wait keep connections from all others.
   */
  async edit<T>(by: string, work: (catalogue: Catalogue) => Promise<Work<T>>): Promise<T> {
    try {
      return await this.db.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(this.lockTimeoutMs)}, true)`
        const { result, edits } = await work({
          persons: new PersonEditingRepository(tx),
          genres: new GenreEditingRepository(tx),
          links: new FilmLinksRepository(tx),
        })
        if (edits.length > 0) await record(tx, by, edits)
        return result
      })
    } catch (error) {
      if (!(error instanceof LockTimeoutError)) throw error
      const message = 'Another edit of the same has not ended yet: try again in a moment.'
      throw new AppError('CONFLICT', message, { retryAfterSeconds: 1 })
    }
  }
}

type Transaction = Pick<Prisma.TransactionClient, '$executeRaw'>

async function record(tx: Transaction, by: string, edits: readonly Edit[]): Promise<void> {
  const entries = JSON.stringify(edits.map(({ events: _, ...entry }) => entry))
  await tx.$executeRaw`
    INSERT INTO people.people_audit (kind, id, version, action, user_id, at, changes)
    SELECT kind::people.audited_kind, id, version, action, ${by}::uuid, clock_timestamp(), changes
    FROM jsonb_to_recordset(${entries}::jsonb)
      AS entry(kind text, id uuid, version int, action text, changes jsonb)`
  await announce(
    tx,
    edits.flatMap(({ events }) => events),
  )
}
