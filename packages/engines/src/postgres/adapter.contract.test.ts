import { randomUUID } from 'node:crypto'
import { DependencyError } from '@cinegraph/kit/errors'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually } from '@cinegraph/testkit/until'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type Postgres, type PostgresOptions } from './open.js'

let postgres: Postgres
let url: string
beforeAll(async () => {
  postgres = await openTestPostgres()
  url = postgres.pool.options.connectionString!
})

const opened: Postgres[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.stop(AbortSignal.timeout(5_000))
})

function open(options: Partial<PostgresOptions>): Postgres {
  const another = openPostgres({ url, log: memoryLog().log, ...options })
  opened.push(another)
  return another
}

function elsewhere(change: (url: URL) => void): string {
  const changed = new URL(url)
  change(changed)
  return changed.href
}

const SLOW = 'SELECT pg_sleep(60)::text'

describe('an outage is a DependencyError', () => {
  it.each<[string, () => Partial<PostgresOptions>]>([
    ['when nobody listens', () => ({ url: elsewhere((it) => (it.port = '1')) })],
    ['when the password is refused', () => ({ url: elsewhere((it) => (it.password = 'wrong')) })],
    ['when the database is gone', () => ({ url: elsewhere((it) => (it.pathname = '/gone')) })],
  ])('%s', async (_, options) => {
    const { prisma } = open(options())
    await expect(prisma.genre.findMany()).rejects.toThrow(DependencyError)
    await expect(prisma.$queryRaw`SELECT 1`).rejects.toThrow(DependencyError)
    await expect(prisma.$transaction([prisma.genre.findMany()])).rejects.toThrow(DependencyError)
    await expect(prisma.$transaction((tx) => tx.genre.findMany())).rejects.toThrow(DependencyError)
  })

  it('when no connection comes free in time', async () => {
    const { pool, prisma } = open({ poolSize: 1, connectTimeoutMs: 50 })
    // to connect takes as long as it takes
    const taken = await eventually(() => pool.connect())
    await expect(prisma.genre.findMany()).rejects.toThrow(DependencyError)
    taken.release()
  })

  it('when a transaction gets no connection in time, or is not done in time', async () => {
    const { pool, prisma } = open({ poolSize: 1, connectTimeoutMs: 60_000 })
    const count = () => prisma.$transaction((tx) => tx.genre.count(), { maxWait: 50 })
    const taken = await pool.connect()
    await expect(count()).rejects.toThrow(DependencyError)
    taken.release()
    const slow = prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT pg_sleep(0.2)::text`
        return tx.genre.count()
      },
      { timeout: 50 },
    )
    await expect(slow).rejects.toThrow(DependencyError)
    await expect.poll(() => prisma.$transaction([prisma.genre.count()])).toEqual([0])
  })

  it('when a statement takes too long, in a transaction or not', async () => {
    const { prisma } = open({ statementTimeoutMs: 50 })
    await expect(prisma.$queryRawUnsafe(SLOW)).rejects.toThrow(DependencyError)
    await expect(prisma.$transaction((tx) => tx.$queryRawUnsafe(SLOW))).rejects.toThrow(
      DependencyError,
    )
  })

  it('when two transactions wait for each other, for the one that is ended', async () => {
    const { prisma } = open({})
    const [one, other] = [
      { id: randomUUID(), slug: 'one' },
      { id: randomUUID(), slug: 'other' },
    ]
    await prisma.genre.createMany({ data: [one, other] })
    let locked = 0
    const { promise: both, resolve } = Promise.withResolvers<null>()
    const lockBoth = (ids: readonly [string, string]) =>
      prisma.$transaction(async (tx) => {
        const lock = (id: string) =>
          tx.genre.update({ where: { id }, data: { version: { increment: 1 } } })
        await lock(ids[0])
        if (++locked === 2) resolve(null)
        await both
        await lock(ids[1])
      })
    const ends = await Promise.allSettled([
      lockBoth([one.id, other.id]),
      lockBoth([other.id, one.id]),
    ])
    const ended = ends.filter((it) => it.status === 'rejected')
    expect(ended).toMatchObject([{ reason: expect.any(DependencyError) as DependencyError }])
  })

  it('when the connection is cut under a query', async () => {
    const { prisma } = open({})
    const cut = prisma.$queryRawUnsafe(SLOW).catch((error: unknown) => error)
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE query = '${SLOW}' AND datname = current_database()`
    await expect.poll(async () => (await postgres.pool.query(end)).rowCount).toBe(1)
    expect(await cut).toBeInstanceOf(DependencyError)
  })
})

it('leaves other errors as Prisma has them', async () => {
  const genre = { id: randomUUID(), slug: 'noir' }
  await postgres.prisma.genre.create({ data: genre })
  await expect(postgres.prisma.genre.create({ data: genre })).rejects.toMatchObject({
    code: 'P2002',
  })
  await expect(postgres.prisma.$queryRaw`SELECT FROM nothing`).rejects.toMatchObject({
    code: 'P2010',
  })
})

it('commits and rolls back', async () => {
  const { genre } = postgres.prisma
  const data = { id: randomUUID(), slug: 'western' }
  const failing = postgres.prisma.$transaction(async (tx) => {
    await tx.genre.create({ data })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await genre.count({ where: { id: data.id } })).toBe(0)
  await postgres.prisma.$transaction((tx) => tx.genre.create({ data }))
  expect(await genre.count({ where: { id: data.id } })).toBe(1)
})
