import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import { announce } from '@cinegraph/engines/outbox/outbox.repository'
import { filmChanged } from '@cinegraph/events/domain/film.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import type { Change } from '@cinegraph/kit/changes'
import type { FilmRecord } from '../films/film.record.js'
import { FILM_COLUMNS, filmOf } from '../films/film.repository.js'
import type { FilmState } from './film-state.js'
import { lockValues } from './lock-values.repository.js'
import { type PartModels, readParts, writeParts } from './film-parts.repository.js'
import { type UniqueValue, ValueTaken } from './value-taken.js'

/** A film that nobody else edits until the transaction ends. */
export interface LockedFilm {
  readonly record: FilmRecord
  readonly state: FilmState
}

export interface EditEntry {
  readonly action:
    | 'CREATED'
    | 'EDITED'
    | 'PUBLISHED'
    | 'UNPUBLISHED'
    | 'SCHEDULED'
    | 'ARCHIVED'
    | 'DELETED'
    | 'RESTORED'
  /** Null when it is the schedule. */
  readonly userId: string | null
  readonly at: Date
  readonly changes: readonly Change[]
}

/** Where a film stands among those that are due. */
export interface DuePlace {
  readonly id: string
  readonly publishAt: Date
}

export class FilmEditRepository {
  constructor(
    private readonly db: Pick<PrismaClient, '$transaction' | 'film' | 'filmExternalId'>,
  ) {}

  /** Runs `work`, all or nothing. */
  inTransaction<T>(work: (films: FilmEdits) => Promise<T>): Promise<T> {
    return this.db.$transaction((tx) => work(new FilmEdits(tx)))
  }

  /** The id of the film that has the value, deleted ones included; undefined when none has it any more. */
  async holderOf(value: UniqueValue): Promise<string | undefined> {
    if ('slug' in value) {
      return (await this.db.film.findUnique({ where: value, select: { id: true } }))?.id
    }
    const { source, value: id } = value
    const where = { source_value: { source, value: id } }
    const row = await this.db.filmExternalId.findUnique({ where, select: { filmId: true } })
    return row?.filmId
  }

  /** Films that were to be published by `now`, the longest due first; those after a place where one is given. */
  async due({
    now,
    after,
    limit,
  }: {
    now: Date
    after?: DuePlace | undefined
    limit: number
  }): Promise<DuePlace[]> {
    const rows = await this.db.film.findMany({
      where: {
        ...{ status: 'SCHEDULED', publishAt: { lte: now }, deletedAt: null },
        ...(after && beyond(after)),
      },
      orderBy: [{ publishAt: 'asc' }, { id: 'asc' }],
      take: limit,
      select: { id: true, publishAt: true },
    })
    return rows.map(({ id, publishAt }) => ({ id, publishAt: publishAt! }))
  }
}

/** What a transaction may do to films. */
export class FilmEdits {
  constructor(
    private readonly db: PartModels & Pick<PrismaClient, 'film' | 'filmAudit' | '$queryRaw'>,
  ) {}

  /** As it is now, once whoever edits it is done; undefined when it is absent. The id must be a UUID. */
  lock(id: string): Promise<LockedFilm | undefined> {
    return this.lockedBy(id, Prisma.empty)
  }

  /** As `lock`, but undefined when somebody is editing it. */
  lockUnlessBusy(id: string): Promise<LockedFilm | undefined> {
    return this.lockedBy(id, Prisma.sql`SKIP LOCKED`)
  }

  /** Which of these slugs films have. */
  async takenSlugs(slugs: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.film.findMany({
      where: { slug: { in: [...slugs] } },
      select: { slug: true },
    })
    return new Set(rows.map(({ slug }) => slug))
  }

  /** Makes the row of a new film. False when another film has the slug. */
  async claim(id: string, state: FilmState): Promise<boolean> {
    const columns = { id, ...columnsOf(state) }
    const { count } = await this.db.film.createMany({ data: [columns], skipDuplicates: true })
    return count === 1
  }

  /** Writes everything but the row. Throws ValueTaken for an external id of another film. */
  async create(id: string, state: FilmState, entry: EditEntry): Promise<FilmRecord> {
    await writeParts(this.db, id, { after: state })
    return this.recorded(await this.recordOf(id), entry)
  }

  /** Throws ValueTaken for a slug or an external id of another film. */
  async write(film: LockedFilm, after: FilmState, entry: EditEntry): Promise<FilmRecord> {
    const { id } = film.record
    // the slug before the external ids, as `create` does: so edits wait for each other and never in a circle
    if (film.state.slug !== after.slug) {
      await lockValues(this.db, [`slug ${film.state.slug}`, `slug ${after.slug}`])
    }
    await this.db.film
      .update({
        where: { id },
        data: { ...columnsOf(after), version: { increment: 1 } },
        select: { id: true },
      })
      .catch((error: unknown) => {
        throw isUniqueViolation(error) ? new ValueTaken({ slug: after.slug }, ['slug']) : error
      })
    await writeParts(this.db, id, { before: film.state, after })
    return this.recorded(await this.recordOf(id), entry)
  }

  private async recordOf(id: string): Promise<FilmRecord> {
    const row = await this.db.film.findUniqueOrThrow({ where: { id }, select: FILM_COLUMNS })
    return filmOf(row)
  }

  private async lockedBy(id: string, ifBusy: Prisma.Sql): Promise<LockedFilm | undefined> {
    const locked = await this.db.$queryRaw<unknown[]>`
      SELECT id::text FROM films.film WHERE id = ${id}::uuid FOR UPDATE ${ifBusy}`
    if (locked.length === 0) return undefined
    const record = await this.recordOf(id)
    const { id: _, audience: __, version: ___, ...fields } = record
    return { record, state: { ...fields, ...(await readParts(this.db, id)) } }
  }

  private async recorded(film: FilmRecord, entry: EditEntry): Promise<FilmRecord> {
    const { id: filmId, version } = film
    const { action, userId, at } = entry
    const changes = entry.changes as unknown as Prisma.InputJsonArray
    await this.db.filmAudit.create({
      data: { filmId, version, action, userId, at, changes },
      select: { version: true },
    })
    const event = { filmId, version, change: action }
    await announce(this.db, [encodeEvent(filmChanged, event, { occurredAt: at })])
    return film
  }
}

const beyond = ({ publishAt, id }: DuePlace) => ({
  OR: [{ publishAt: { gt: publishAt } }, { publishAt, id: { gt: id } }],
})

/** Those of the row itself. */
function columnsOf(state: FilmState) {
  const { title: _, description: __, tagline: ___, externalIds: ____, ...columns } = state
  const { seasons: _____, releaseDate, ...others } = columns
  return {
    ...others,
    countries: [...state.countries],
    releaseDate: releaseDate === null ? null : new Date(releaseDate),
  }
}
