import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

// any number that no other advisory lock of this database uses
const HOUSEKEEPING_LOCK = 7_265_003

export class HousekeepingRepository {
  constructor(private readonly db: Pick<PrismaClient, '$transaction'>) {}

  /** Runs `work` unless another process does at this moment. Whether it ran. A process that is killed holds up nobody. */
  alone(work: () => Promise<void>, limitMs: number): Promise<boolean> {
    return this.db.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<[{ taken: boolean }]>`
          SELECT pg_try_advisory_xact_lock(${HOUSEKEEPING_LOCK}) AS taken`
        if (lock.taken) await work()
        return lock.taken
      },
      { timeout: limitMs },
    )
  }
}
