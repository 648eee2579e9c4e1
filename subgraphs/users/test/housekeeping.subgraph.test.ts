import { randomBytes, randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { Registry } from '@cinegraph/kit/metrics'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Expiring, Housekeeper } from '../src/housekeeping/housekeeping.js'
import { HousekeepingRepository } from '../src/housekeeping/housekeeping.repository.js'
import { createKeyEncryption } from '../src/keys/key-encryption.js'
import { KeyRotation } from '../src/keys/key-rotation.js'
import { SigningKeyRepository } from '../src/keys/signing-key.repository.js'
import { LoginHistoryRepository } from '../src/login-history/login-history.repository.js'
import { LoginPartitionRepository } from '../src/login-history/login-partition.repository.js'
import { expiredAttempts } from '../src/login-history/login-partitions.js'
import { RevocationRepository } from '../src/revocations/revocation.repository.js'
import { openAnother, settings, startUsers } from './start-users.js'

const KEPT_MONTHS = 3
const DAY_MS = 86_400_000
const NEVER = new AbortController().signal

let time: Date
let url: string
let pools: Postgres[]
let postgres: Postgres

const openPool = async () => {
  const pool = openAnother(url)
  pools.push(pool)
  await pool.start()
  return pool
}

beforeEach(async () => {
  time = new Date('2031-10-31T23:59:59.999Z')
  pools = []
  ;({ url } = await createTestDatabase())
  postgres = await openPool()
})
afterEach(async () => {
  for (const pool of pools) await pool.stop(AbortSignal.timeout(10_000))
})

/** The housekeeper of one process. */
function hire(pool: Postgres, expiring: Readonly<Record<string, Expiring>> = {}) {
  const { log, lines } = memoryLog()
  const metrics = new Registry()
  const housekeeper = new Housekeeper({
    repository: new HousekeepingRepository(pool.prisma),
    partitions: new LoginPartitionRepository(pool.prisma),
    historyMonths: KEPT_MONTHS,
    expiring: {
      login_attempts: expiredAttempts(new LoginHistoryRepository(pool.prisma), KEPT_MONTHS),
      ...expiring,
    },
    log,
    metrics,
    now: () => time,
  })
  return {
    lines,
    run: (stopping = NEVER) => housekeeper.run(stopping),
    metric: async (name: string, kind?: string) => {
      const { values } = await metrics.getSingleMetric(`cinegraph_users_${name}`)!.get()
      return values.find((it) => kind === undefined || it.labels['kind'] === kind)?.value
    },
  }
}

/** Somebody tried to log in at `at`; where the row was put. */
async function attempt(at: Date | string): Promise<string> {
  const { rows } = await postgres.pool.query<{ partition: string }>(
    `INSERT INTO users.login_attempt (id, at, user_id, method, outcome, device_type, device_name)
     VALUES ($1, $2, $1, 'PASSWORD', 'SUCCESS', 'WEB', 'Firefox')
     RETURNING tableoid::regclass::text AS partition`,
    [randomUUID(), at],
  )
  return rows[0]!.partition
}

/** Partition and time of every attempt. */
async function attempts(): Promise<string[]> {
  const { rows } = await postgres.pool.query<{ partition: string; at: Date }>(
    'SELECT tableoid::regclass::text AS partition, at FROM users.login_attempt ORDER BY at',
  )
  return rows.map(({ partition, at }) => `${partition} ${at.toISOString()}`)
}

async function partitions(): Promise<string[]> {
  const { rows } = await postgres.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relname LIKE 'login\\_attempt\\_%' AND relkind = 'r' ORDER BY relname`,
  )
  return rows.map(({ name }) => name.replace('login_attempt_', ''))
}

describe('partitions of the login history', () => {
  it('are there before their month begins, and go when they are old, month by month', async () => {
    const { run, metric } = hire(postgres)
    for (let month = 0; month < 14; month++) {
      time = new Date(Date.UTC(2031, 9 + month, 15))
      expect(await run()).toBe(true)
      expect(await attempt(time)).toBe(
        `users.login_attempt_${time.toISOString().slice(0, 7).replace('-', '_')}`,
      )
    }
    const left = ['2032_08', '2032_09', '2032_10', '2032_11', '2032_12', '2033_01', '2033_02']
    expect(await partitions()).toEqual([...left, 'default'].toSorted())
    expect(await attempts()).toEqual([
      'users.login_attempt_2032_08 2032-08-15T00:00:00.000Z',
      'users.login_attempt_2032_09 2032-09-15T00:00:00.000Z',
      'users.login_attempt_2032_10 2032-10-15T00:00:00.000Z',
      'users.login_attempt_2032_11 2032-11-15T00:00:00.000Z',
    ])
    expect(await metric('login_history_partitions')).toBe(left.length)
    expect(await metric('housekeeping_success_timestamp_seconds')).toBe(time.getTime() / 1000)
  })

  it('begin with the month of UTC, whatever the time zone of the database', async () => {
    await postgres.pool.query(`ALTER ROLE CURRENT_USER IN DATABASE ${new URL(url).pathname.slice(1)}
      SET TimeZone = 'Pacific/Auckland'`)
    postgres = await openPool()
    await hire(postgres).run()
    expect(await partitions()).toEqual(['2031_10', '2031_11', '2031_12', '2032_01', 'default'])
    expect(await attempt(time)).toBe('users.login_attempt_2031_10')
    expect(await attempt('2031-11-01T00:00:00.000Z')).toBe('users.login_attempt_2031_11')
    expect(await attempt('2032-01-31T23:59:59.999Z')).toBe('users.login_attempt_2032_01')
    expect(await attempt('2032-02-01T00:00:00.000Z')).toBe('users.login_attempt_default')
  })

  it('lose nothing that comes while they are made', async () => {
    const maker = await postgres.pool.connect()
    await maker.query("BEGIN; SELECT users.add_login_attempt_partition('2031-10-01')")
    const written = attempt(time)
    await until(async () => {
      const { rows } = await maker.query(
        `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
         WHERE datname = current_database() AND NOT granted`,
      )
      return rows.length > 0
    })
    await maker.query('COMMIT')
    maker.release()
    expect(await written).toBe('users.login_attempt_2031_10')
  })

  it('take over what came before they were there; too old attempts go without one', async () => {
    const times = [
      '2031-06-30T23:59:59.999Z',
      '2031-07-01T00:00:00.000Z',
      '2031-09-30T23:59:59.999Z',
      '2031-10-31T23:59:59.999Z',
      '2032-01-01T00:00:00.000Z',
      '2032-02-01T00:00:00.000Z',
    ]
    for (const at of times) expect(await attempt(at)).toBe('users.login_attempt_default')
    const { run, metric } = hire(postgres)
    await run()
    expect(await attempts()).toEqual([
      'users.login_attempt_2031_07 2031-07-01T00:00:00.000Z',
      'users.login_attempt_2031_09 2031-09-30T23:59:59.999Z',
      'users.login_attempt_2031_10 2031-10-31T23:59:59.999Z',
      'users.login_attempt_2032_01 2032-01-01T00:00:00.000Z',
      'users.login_attempt_default 2032-02-01T00:00:00.000Z',
    ])
    expect(await metric('swept_rows_total', 'login_attempts')).toBe(1)
  })

  it('have the indexes of the whole', async () => {
    await hire(postgres).run()
    const { rows } = await postgres.pool.query<{ indexes: number }>(
      `SELECT count(*)::int AS indexes FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indexrelid
       GROUP BY i.indrelid`,
    )
    expect(rows).toEqual(Array.from({ length: 5 }, () => ({ indexes: 2 })))
  })

  it('come whole or not at all when the connection is lost in the middle', async () => {
    await attempt(time)
    const reader = await postgres.pool.connect()
    await reader.query('BEGIN; LOCK TABLE users.login_attempt_default IN ACCESS SHARE MODE')
    const { run, lines, metric } = hire(await openPool())
    const interrupted = run()
    // it has made the table and waits for the rows
    await until(async () => {
      const { rows } = await reader.query<{ killed: boolean }>(
        `SELECT pg_terminate_backend(pid) AS killed FROM pg_locks
         WHERE relation = 'users.login_attempt_default'::regclass AND NOT granted`,
      )
      return rows.length > 0
    })
    expect(await interrupted).toBe(true)
    await reader.query('ROLLBACK')
    reader.release()
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'housekeeping failed', kind: 'login_history' }),
    )
    expect(await metric('housekeeping_failures_total', 'login_history')).toBe(1)
    expect(await partitions()).toEqual(['default'])
    expect(await attempts()).toEqual([`users.login_attempt_default ${time.toISOString()}`])

    expect(await run()).toBe(true)
    expect(await attempts()).toEqual([`users.login_attempt_2031_10 ${time.toISOString()}`])
  })
})

describe('a run', () => {
  /** Rows that are being swept until `finish` is called. */
  function endlessWork() {
    const begun = Promise.withResolvers<undefined>()
    const finished = Promise.withResolvers<number>()
    const rows: Expiring = {
      deleteExpired() {
        begun.resolve(undefined)
        return finished.promise
      },
    }
    return { rows, begun: begun.promise, finish: () => finished.resolve(0) }
  }

  it('is left to the process that is at it', async () => {
    const work = endlessWork()
    const busy = hire(postgres, { dust: work.rows }).run()
    await work.begun
    const other = hire(await openPool())
    expect(await other.run()).toBe(false)
    expect(await other.metric('housekeeping_success_timestamp_seconds')).toBe(0)
    work.finish()
    expect(await busy).toBe(true)
    expect(await other.run()).toBe(true)
  })

  it('is free for others once its process is gone', async () => {
    const pool = await openPool()
    const work = endlessWork()
    const killed = hire(pool, { dust: work.rows }).run()
    await work.begun
    const { rows } = await postgres.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 7265003`,
    )
    await postgres.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid])
    await until(() => hire(postgres).run())
    work.finish()
    await expect(killed).rejects.toThrow()
  })

  it('goes on after a part that failed, logs it, and has not succeeded before all of it did', async () => {
    let broken = true
    const swept: string[] = []
    const { run, lines, metric } = hire(postgres, {
      dust: {
        async deleteExpired() {
          if (broken) throw new Error('no broom')
          return 0
        },
      },
      leaves: {
        async deleteExpired() {
          swept.push('leaves')
          return 0
        },
      },
    })
    await run()
    expect(swept).toEqual(['leaves'])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', kind: 'dust', msg: 'housekeeping failed' }),
    )
    expect(await metric('housekeeping_success_timestamp_seconds')).toBe(0)
    broken = false
    await run()
    expect(await metric('housekeeping_success_timestamp_seconds')).toBe(time.getTime() / 1000)
    expect(await metric('housekeeping_failures_total', 'dust')).toBe(1)
  })

  it('deletes in batches whatever there is', async () => {
    const expiresAt = new Date(time.getTime() - 1)
    const row = (n: number) => ({ keyId: `key ${n}`, expiresAt })
    await postgres.prisma.revocation.createMany({
      data: Array.from({ length: 2_500 }, (_, n) => row(n)),
    })
    await postgres.prisma.revocation.create({
      data: { keyId: 'alive', expiresAt: new Date(time.getTime() + 1) },
    })
    const repository = new RevocationRepository(postgres.prisma)
    const batches: number[] = []
    const { run, metric } = hire(postgres, {
      revocations: {
        async deleteExpired(now, limit) {
          const deleted = await repository.deleteExpired(now, limit)
          batches.push(deleted)
          return deleted
        },
      },
    })
    await run()
    expect(batches).toEqual([1_000, 1_000, 500])
    expect(await metric('swept_rows_total', 'revocations')).toBe(2_500)
    expect(await postgres.prisma.revocation.findMany({ select: { keyId: true } })).toEqual([
      { keyId: 'alive' },
    ])
  })

  it('ends between two batches when its process stops', async () => {
    const stopping = new AbortController()
    let batches = 0
    const { run, metric } = hire(postgres, {
      dust: {
        async deleteExpired(_now, limit) {
          if (++batches === 2) stopping.abort()
          return limit
        },
      },
      leaves: { deleteExpired: () => Promise.reject(new Error('not reached')) },
    })
    expect(await run(stopping.signal)).toBe(true)
    expect(batches).toBe(2)
    expect(await metric('housekeeping_failures_total', 'leaves')).toBeUndefined()
    expect(await metric('housekeeping_success_timestamp_seconds')).toBe(0)
  })
})

describe('users', () => {
  const start = () => startUsers(postgres, { now: () => time })
  const inDays = (days: number) => new Date(time.getTime() + days * DAY_MS)
  type Users = Awaited<ReturnType<typeof start>>
  const valuesOf = async ({ metrics }: Users, name: string) =>
    (await metrics.getSingleMetric(`cinegraph_users_${name}`)!.get()).values
  const hasKeptHouse = (users: Users) =>
    until(
      async () => (await valuesOf(users, 'housekeeping_success_timestamp_seconds'))[0]!.value > 0,
    )

  /** One that expires in a day and one that lives for a year, of everything that has a column for it. */
  async function expiringRows(userId: string) {
    const { prisma } = postgres
    const provider = 'GOOGLE'
    const lives = [
      { expiresAt: inDays(1), purpose: 'RESET_PASSWORD' },
      { expiresAt: inDays(365), purpose: 'CONFIRM_EMAIL' },
    ] as const
    for (const { expiresAt, purpose } of lives) {
      const [hash, stateHash, flowHash] = [randomBytes(32), randomBytes(32), randomBytes(32)]
      await prisma.revocation.create({ data: { sessionId: randomUUID(), expiresAt } })
      const email = 'ada@example.test'
      await prisma.emailToken.create({ data: { hash, userId, expiresAt, purpose, email } })
      const flow = { codeVerifier: 'v', nonce: 'n', redirectUri: 'https://cinema.test/' }
      await prisma.socialFlow.create({
        data: { stateHash, flowHash, provider, expiresAt, ...flow },
      })
      const offer = { provider, subject: randomUUID(), userId } as const
      await prisma.socialLinkOffer.create({ data: { hash, expiresAt, ...offer } })
    }
  }

  it('keeps house from its start on, and leaves what is still needed', async () => {
    const users = await start()
    // or it might find what is made for the next one
    await hasKeptHouse(users)
    const old = await users.register({ login: 'lumiere' })
    await expiringRows(old.user.id)
    await attempt(inDays(-500))
    await new KeyRotation({
      repository: new SigningKeyRepository(postgres.prisma),
      encryption: createKeyEncryption(settings.keyEncryptionSecret),
      lifeSeconds: settings.accessToken.lifeSeconds,
      now: () => time,
    }).rotate()
    time = inDays(31)
    const young = await users.logIn('lumiere')
    await users.subgraph.stop(AbortSignal.timeout(10_000))

    const again = await start()
    await hasKeptHouse(again)
    const swept = await valuesOf(again, 'swept_rows_total')
    expect(Object.fromEntries(swept.map(({ labels, value }) => [labels['kind'], value]))).toEqual({
      login_attempts: 1,
      signing_keys: 1,
      refresh_tokens: 1,
      sessions: 1,
      revocations: 1,
      email_tokens: 1,
      social_flows: 1,
      social_link_offers: 1,
    })
    expect(await partitions()).toContain('2032_03')
    await again.refresh(young.refreshToken)
    expect(await again.tryRefresh(old.refreshToken)).toBeNull()
    await again.subgraph.stop(AbortSignal.timeout(10_000))
  })
})
