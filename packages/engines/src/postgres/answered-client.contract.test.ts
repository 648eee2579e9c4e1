import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { DependencyError } from '@cinegraph/kit/errors'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PrismaClient } from './generated/client.js'
import { openPostgres, type Postgres } from './open.js'

const POOL = 3

/** The way to a server. One that swallows keeps connections open and brings nothing to the other end. */
async function openWay(target: URL) {
  const sockets = new Set<Socket>()
  let swallows = false
  const server = createServer((near) => {
    const far = createConnection({ host: target.hostname, port: Number(target.port) })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (data) => swallows || to.write(data))
      from.on('error', () => {})
      from.on('close', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    swallow(it: boolean) {
      swallows = it
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

let way: Awaited<ReturnType<typeof openWay>>
let postgres: Postgres
beforeEach(async () => {
  const { url } = await createTestDatabase()
  way = await openWay(new URL(url))
  postgres = openPostgres({
    ...{ url: way.url, log: memoryLog().log },
    ...{ poolSize: POOL, connectTimeoutMs: 500, statementTimeoutMs: 300 },
  })
  await postgres.start()
})
afterEach(async () => {
  way.swallow(false)
  await postgres.stop(AbortSignal.timeout(5_000))
  way.close()
})

it('gives up connections over which nothing comes, and has new ones afterwards', async () => {
  const { prisma, pool } = postgres
  // all connections are open and known to work
  await Promise.all(Array.from({ length: POOL }, () => pool.query('SELECT pg_sleep(0.05)')))
  expect(pool.totalCount).toBe(POOL)
  way.swallow(true)
  const asked = [
    prisma.genre.count(),
    prisma.$transaction((tx) => tx.genre.count()),
    prisma.$transaction([prisma.genre.count()]),
  ]
  for (const each of await Promise.allSettled(asked)) {
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(DependencyError) as Error })
  }
  await eventually(() => expect(pool.totalCount).toBe(0))
  way.swallow(false)
  expect(await prisma.genre.count()).toBe(0)
})

it('leaves alone a transaction that gives its statements more time', async () => {
  const work = async (tx: Pick<PrismaClient, '$executeRaw' | '$queryRaw'>) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = '10s'`
    return tx.$queryRaw<[{ slept: string }]>`SELECT pg_sleep(2.5)::text AS slept`
  }
  const [{ slept }] = await postgres.prisma.$transaction(work, { timeout: 10_000 })
  expect(slept).toBe('')
  // and no other after it on the same connection
  await expect(postgres.pool.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' })
})

it('leaves alone a session that gives its statements more time, until it is over', async () => {
  const client = await postgres.pool.connect()
  await client.query(`SET statement_timeout = '10s'`)
  const { rows } = await client.query(`SELECT pg_sleep(2.5)::text AS slept`)
  expect(rows).toEqual([{ slept: '' }])
  await client.query('RESET statement_timeout')
  await expect(client.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' })
  client.release()
})
