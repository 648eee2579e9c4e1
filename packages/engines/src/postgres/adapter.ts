import { DependencyError } from '@cinegraph/kit/errors'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { statementNamesOf } from './statement-names.js'

/** Prisma's adapter over our pool, but that an outage of Postgres is a DependencyError, wherever in a query or transaction it strikes. */
export function createPostgresAdapter(
  pool: pg.Pool,
): Pick<PrismaPg, 'provider' | 'adapterName' | 'connect'> {
  const nameOf = statementNamesOf(pool)
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: false,
    // its type does not say so, but a statement without a name is parsed each time
    statementNameGenerator: ({ sql }) => nameOf(sql) as string,
  })
  const { provider, adapterName } = adapter
  return { provider, adapterName, connect: async () => withOutages(await adapter.connect()) }
}

const CALLS = new Set<unknown>(['queryRaw', 'executeRaw', 'startTransaction', 'commit', 'rollback'])

function withOutages<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key)
      if (typeof member !== 'function' || !CALLS.has(key)) return member
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          const result: unknown = await Reflect.apply(member, object, args)
          return key === 'startTransaction' ? withOutages(result as object) : result
        } catch (error) {
          if (codeOf(error) === LOCK_TIMEOUT) throw new LockTimeoutError(error)
          throw isOutage(error)
            ? new DependencyError('postgres', 'the query failed', { cause: error })
            : error
        }
      }
    },
  })
}

/** Another transaction kept a lock for longer than `lock_timeout`. Nothing was done; later it may be. */
export class LockTimeoutError extends DependencyError {
  constructor(cause: unknown) {
    super('postgres', 'a lock was not free in time', { cause })
  }
}

// SQLSTATE
const LOCK_TIMEOUT = '55P03'
// SQLSTATE: connection, login, unknown database, a transaction that lost to another (a deadlock), resources, ended by an operator or a time limit, system
const OUTAGE_CLASSES = new Set(['08', '28', '3D', '40', '53', '57', '58'])
// what the adapter says of a connection that has no SQLSTATE
const UNCONNECTED = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
])

function isOutage(error: unknown): boolean {
  // what the adapter has no name for is the pool's own: no connection in time, or one that broke
  if (!isNamed(error)) return true
  const { kind, originalCode } = error.cause
  return originalCode === undefined
    ? UNCONNECTED.has(kind)
    : OUTAGE_CLASSES.has(originalCode.slice(0, 2))
}

const codeOf = (error: unknown) => (isNamed(error) ? error.cause.originalCode : undefined)

const isNamed = (
  error: unknown,
): error is { readonly cause: { readonly kind: string; readonly originalCode?: string } } =>
  error instanceof Error && error.name === 'DriverAdapterError'
