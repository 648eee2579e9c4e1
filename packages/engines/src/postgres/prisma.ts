import { DependencyError } from '@cinegraph/kit/errors'
import type pg from 'pg'
import { createPostgresAdapter } from './adapter.js'
import { PrismaClient } from './generated/client.js'
import { isOutOfTime } from './prisma-errors.js'

/** Milliseconds that a transaction waits for its connection, and that it takes, unless it says otherwise. */
export interface TransactionLimits {
  readonly maxWait: number
  readonly timeout: number
}

/** Prisma over our pool; a transaction that is out of time is a DependencyError, as are outages of Postgres. */
export function createPrisma(pool: pg.Pool, transactionOptions: TransactionLimits) {
  const client = new PrismaClient({ adapter: createPostgresAdapter(pool), transactionOptions })
  const transact = client.$transaction.bind(client) as (...args: unknown[]) => Promise<unknown>
  const inTime = (...args: unknown[]): Promise<unknown> =>
    transact(...args).catch((error: unknown) => {
      throw isOutOfTime(error)
        ? new DependencyError('postgres', 'the transaction took too long', { cause: error })
        : error
    })
  return new Proxy(client, {
    get: (target, key): unknown => (key === '$transaction' ? inTime : Reflect.get(target, key)),
  })
}
