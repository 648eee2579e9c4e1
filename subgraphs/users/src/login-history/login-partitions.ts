import type { LoginHistoryRepository } from './login-history.repository.js'
import type { LoginPartitionRepository, Month } from './login-partition.repository.js'

/** Partitions that are there before their month begins. */
const MONTHS_AHEAD = 3

export interface PartitionChanges {
  readonly added: readonly Month[]
  readonly dropped: number
}

/** Makes the partitions of this month, of those ahead, and of those that went without, and drops those older than `keptMonths`. */
export async function keepPartitions(
  repository: LoginPartitionRepository,
  { now, keptMonths }: { now: Date; keptMonths: number },
): Promise<PartitionChanges> {
  const oldest = monthOf(now, -keptMonths)
  const stray = await repository.strayMonths(oldest, monthOf(now))
  const ahead = Array.from({ length: MONTHS_AHEAD + 1 }, (_, months) => monthOf(now, months))
  const added: Month[] = []
  for (const month of [...ahead, ...stray]) {
    if (await repository.add(month)) added.push(month)
  }
  return { added, dropped: await repository.dropBefore(oldest) }
}

/** What no partition was made for goes when its partition would have gone. */
export const expiredAttempts = (repository: LoginHistoryRepository, keptMonths: number) => ({
  deleteExpired: (now: Date, limit: number): Promise<number> =>
    repository.deleteBefore(new Date(monthOf(now, -keptMonths)), limit),
})

/** The month that `date` is in, or one that many months later. */
export const monthOf = (date: Date, later = 0): Month =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later)).toISOString().slice(0, 10)
