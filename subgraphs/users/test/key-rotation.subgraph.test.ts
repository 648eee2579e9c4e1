import type { Postgres } from '@cinegraph/engines/postgres/open'
import { ConfigError } from '@cinegraph/kit/config'
import { inProcessFetch } from '@cinegraph/kit/http/in-process-fetch'
import { createTestDatabase } from '@cinegraph/testkit/database'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyEncryption } from '../src/keys/key-encryption.js'
import { KeyRotation } from '../src/keys/key-rotation.js'
import { SigningKeyRepository } from '../src/keys/signing-key.repository.js'
import { createClock, openAnother, type SessionData, settings, startUsers } from './start-users.js'

const OTHER_SECRET = 'another secret of 32 characters and more'

let clock: ReturnType<typeof createClock>
let pools: Postgres[]
let operator: Postgres
let processes: Awaited<ReturnType<typeof startProcess>>[]

/** A process of users, and what it publishes. */
async function startProcess(postgres: Postgres, secret = settings.keyEncryptionSecret) {
  const users = await startUsers(postgres, { now: clock.now, keyEncryptionSecret: secret })
  const fetch = await inProcessFetch(users.subgraph.publicRoutes)
  return {
    ...users,
    async jwks(): Promise<JSONWebKeySet> {
      const response = await fetch('http://users/.well-known/jwks.json')
      return (await response.json()) as JSONWebKeySet
    },
  }
}

const rotationWith = (secret = settings.keyEncryptionSecret) =>
  new KeyRotation({
    repository: new SigningKeyRepository(operator.prisma),
    encryption: createKeyEncryption(secret),
    lifeSeconds: settings.accessToken.lifeSeconds,
    now: clock.now,
  })

beforeEach(async () => {
  clock = createClock()
  const { url } = await createTestDatabase()
  pools = Array.from({ length: 3 }, () => openAnother(url))
  await Promise.all(pools.map((pool) => pool.start()))
  operator = pools[2]!
  processes = await Promise.all(pools.slice(0, 2).map((pool) => startProcess(pool)))
})
afterEach(async () => {
  const deadline = AbortSignal.timeout(10_000)
  for (const { subgraph } of processes) await subgraph.stop(deadline)
  for (const pool of pools) await pool.stop(deadline)
})

const keyOf = ({ accessToken }: SessionData) => decodeProtectedHeader(accessToken).kid!

const published = async () =>
  Promise.all(processes.map(async (it) => (await it.jwks()).keys.map(({ kid }) => kid)))

/** The keys with which each process signs when somebody logs in there. */
const signing = async () => Promise.all(processes.map(async (it) => keyOf(await it.logIn('varda'))))

const verify = async ({ accessToken }: SessionData) =>
  jwtVerify(accessToken, createLocalJWKSet(await processes[0]!.jwks()), {
    currentDate: clock.now(),
  })

describe('a rotation', () => {
  it('publishes the new key at once, signs with it when all gateways know it, and withdraws the old one last', async () => {
    const first = await processes[0]!.register({ login: 'varda' })
    const old = keyOf(first)
    const rotated = await rotationWith().rotate()
    expect(rotated).toMatchObject({ kind: 'rotated', key: { state: 'published' } })
    const { id: next } = rotated.key

    clock.advance({ seconds: 359 })
    expect(await published()).toEqual([
      [next, old],
      [next, old],
    ])
    const last = await processes[1]!.logIn('varda')
    expect(await signing()).toEqual([old, old])

    clock.advance({ seconds: 1 })
    expect(await signing()).toEqual([next, next])
    await verify(await processes[1]!.logIn('varda'))
    clock.advance({ seconds: 598 })
    await verify(last)

    clock.advance({ seconds: 61 })
    await expect(verify(last)).rejects.toThrow(errors.JWTExpired)
    expect(await published()).toEqual([
      [next, old],
      [next, old],
    ])
    clock.advance({ seconds: 1 })
    expect(await published()).toEqual([[next], [next]])
    await expect(verify(last)).rejects.toThrow(errors.JWKSNoMatchingKey)
  })

  it('is heard of by every process, whether anybody asks for the keys or not', async () => {
    await processes[0]!.register({ login: 'varda' })
    const rotated = await rotationWith().rotate()
    clock.advance({ seconds: 360 })
    await until(async () => (await signing()).every((id) => id === rotated.key.id))
  })

  it('does not begin while another is under way', async () => {
    const first = await rotationWith().rotate()
    const { publicJwk: _, ...before } = await newestRow()
    expect(await rotationWith().rotate()).toEqual({ kind: 'under-way', key: first.key })
    expect(await newestRow()).toMatchObject(before)
    clock.advance({ seconds: 360 })
    expect((await rotationWith().rotate()).kind).toBe('rotated')
    expect((await rotationWith().list()).map(({ state }) => state)).toEqual([
      'published',
      'signs',
      'verifies',
    ])
    clock.advance({ seconds: 660 })
    expect((await rotationWith().list()).map(({ state }) => state)).toEqual([
      'signs',
      'verifies',
      'retired',
    ])
  })

  it('is done once, however many begin it together', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => rotationWith().rotate()))
    expect(outcomes.filter(({ kind }) => kind === 'rotated')).toHaveLength(1)
    expect(new Set(outcomes.map(({ key }) => key.id)).size).toBe(1)
    expect(await operator.prisma.signingKey.count()).toBe(2)
  })

  it('is refused under a secret that the processes do not have', async () => {
    const rotation = rotationWith(OTHER_SECRET)
    for (const refused of [() => rotation.rotate(), () => rotation.replaceAll()]) {
      const error: unknown = await refused().catch((it: unknown) => it)
      expect(error).toBeInstanceOf(ConfigError)
      expect(error).toMatchObject({
        problems: [expect.stringMatching(/^USERS_KEY_ENCRYPTION_SECRET: does not open/)],
      })
    }
    expect(await operator.prisma.signingKey.count()).toBe(1)
    expect(await operator.prisma.revocation.count()).toBe(0)
  })
})

const newestRow = () =>
  operator.prisma.signingKey.findFirstOrThrow({ orderBy: { signsFrom: 'desc' } })

describe('the replacement of keys that somebody else may have', () => {
  it('signs with a new key at once, has the others refused, and leaves people logged in', async () => {
    const session = await processes[0]!.register({ login: 'varda' })
    const planned = await rotationWith().rotate()
    const { key, revoked } = await rotationWith().replaceAll()
    expect(key.state).toBe('signs')
    expect(revoked).toEqual([planned.key.id, keyOf(session)])

    await until(async () => (await signing()).every((id) => id === key.id))
    expect(await published()).toEqual([[key.id], [key.id]])
    await expect(verify(session)).rejects.toThrow(errors.JWKSNoMatchingKey)
    await verify(await processes[1]!.refresh(session.refreshToken))

    const refused = await operator.prisma.revocation.findMany({ orderBy: { id: 'asc' } })
    expect(refused.map(({ keyId }) => keyId)).toEqual(revoked)
    // a thief writes tokens that never expire
    for (const { expiresAt } of refused) {
      expect(expiresAt.getTime() - clock.now().getTime()).toBe(365 * 86_400_000)
    }
  })

  it('leaves one key, however many begin it together', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => rotationWith().replaceAll()))
    const left = await operator.prisma.signingKey.findMany({ select: { id: true } })
    expect(left).toHaveLength(1)
    const revoked = outcomes.flatMap((it) => it.revoked)
    expect(new Set(revoked).size).toBe(8)
    expect(revoked).not.toContain(left[0]!.id)
  })
})

it('goes on with the keys that are known while they cannot be read, and says so', async () => {
  const [users] = processes
  const known = keyOf(await users!.register({ login: 'varda' }))
  await operator.prisma.$executeRaw`ALTER TABLE users.signing_key RENAME TO misplaced`
  expect((await users!.jwks()).keys).toMatchObject([{ kid: known }])
  expect(keyOf(await users!.logIn('varda'))).toBe(known)
  expect(users!.lines).toContainEqual(
    expect.objectContaining({ level: 'error', msg: 'could not read the keys' }),
  )
  await operator.prisma.$executeRaw`ALTER TABLE users.misplaced RENAME TO signing_key`
  const { key } = await rotationWith().replaceAll()
  expect((await users!.jwks()).keys).toMatchObject([{ kid: key.id }])
})

it('signs with a key whose maker has a clock that is ahead', async () => {
  await processes[0]!.register({ login: 'varda' })
  clock.advance({ seconds: 30 })
  const { key } = await rotationWith().replaceAll()
  clock.advance({ seconds: -30 })
  await until(async () => (await signing()).every((id) => id === key.id))
})

describe('another secret', () => {
  it('opens the keys after they were encrypted anew, and running processes go on', async () => {
    const before = keyOf(await processes[0]!.register({ login: 'varda' }))
    const old = createKeyEncryption(settings.keyEncryptionSecret)
    expect(await rotationWith(OTHER_SECRET).reencrypt(old)).toBe(1)
    expect(await published()).toEqual([[before], [before]])
    expect(await signing()).toEqual([before, before])
    await expect(startProcess(operator)).rejects.toThrow(ConfigError)
    const restarted = await startProcess(operator, OTHER_SECRET)
    expect(keyOf(await restarted.logIn('varda'))).toBe(before)
    await restarted.subgraph.stop(AbortSignal.timeout(10_000))
  })

  it('is not taken when the old one is wrong, and nothing changes', async () => {
    const { encryptedPrivate } = await newestRow()
    const wrong = createKeyEncryption('w'.repeat(32))
    await expect(rotationWith(OTHER_SECRET).reencrypt(wrong)).rejects.toThrow(
      /^USERS_KEY_ENCRYPTION_SECRET_OLD: does not open/,
    )
    expect((await newestRow()).encryptedPrivate).toEqual(encryptedPrivate)
  })
})
