import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { lockValues } from '../editing/lock-values.repository.js'
import type { FilmRecord } from '../films/film.record.js'
import { FILM_COLUMNS, filmOf } from '../films/film.repository.js'

/** Where a film stands among those that somebody hid: the latest first. */
export interface HiddenPlace {
  readonly hiddenAt: Date
  readonly filmId: string
}

export interface HiddenFilm extends HiddenPlace {
  readonly film: FilmRecord
}

export interface HiddenSlice {
  readonly userId: string
  readonly audiences: readonly string[]
  readonly limit: number
  readonly after?: HiddenPlace | undefined
}

/** Which films people do not want to have recommended. */
export class HiddenRecommendationRepository {
  constructor(private readonly db: Pick<PrismaClient, '$transaction' | 'hiddenRecommendation'>) {}

  /** Does nothing when it is hidden already. False when the person has hidden `most` others, and nothing was done. */
  add({ userId, filmId }: { userId: string; filmId: string }, most: number): Promise<boolean> {
    return this.db.$transaction(async (tx) => {
      await lockValues(tx, [`hidden by ${userId}`])
      const others = await tx.hiddenRecommendation.count({
        where: { userId, filmId: { not: filmId } },
      })
      if (others >= most) return false
      await tx.hiddenRecommendation.createMany({ data: [{ userId, filmId }], skipDuplicates: true })
      return true
    })
  }

  async remove(userId: string, filmId: string): Promise<void> {
    await this.db.hiddenRecommendation.deleteMany({ where: { userId, filmId } })
  }

  /** All that this person hid. */
  async filmIds(userId: string): Promise<string[]> {
    const rows = await this.db.hiddenRecommendation.findMany({
      where: { userId },
      select: { filmId: true },
    })
    return rows.map(({ filmId }) => filmId)
  }

  /** Those that are for `audiences`, the one hidden last first. */
  async list({ userId, audiences, limit, after }: HiddenSlice): Promise<HiddenFilm[]> {
    const rows = await this.db.hiddenRecommendation.findMany({
      where: { ...visible(userId, audiences), ...(after && beyond(after)) },
      orderBy: [{ hiddenAt: 'desc' }, { filmId: 'desc' }],
      take: limit,
      select: { filmId: true, hiddenAt: true, film: { select: FILM_COLUMNS } },
    })
    return rows.map(({ film, ...place }) => ({ ...place, film: filmOf(film) }))
  }

  count(userId: string, audiences: readonly string[]): Promise<number> {
    return this.db.hiddenRecommendation.count({ where: visible(userId, audiences) })
  }
}

const visible = (userId: string, audiences: readonly string[]) => ({
  userId,
  film: { audience: { in: [...audiences] } },
})

const beyond = ({ hiddenAt, filmId }: HiddenPlace) => ({
  OR: [{ hiddenAt: { lt: hiddenAt } }, { hiddenAt, filmId: { lt: filmId } }],
})
