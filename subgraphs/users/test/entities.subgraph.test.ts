import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { createViewerSigner, VIEWER_HEADER, type Viewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser, testIdentity } from '@cinegraph/testkit/identity'
import { generateKeyPair, exportJWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { startUsers, statementsOf, USER } from './start-users.js'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let ids: string[]

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
  const sessions = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      users.register({ login: `viewer${i}`, email: `viewer${i}@example.org`, firstName: 'Ann' }),
    ),
  )
  ids = sessions.map((it) => it.user.id)
})

const ENTITIES = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on User { ${USER} } } }`

interface Entity {
  id: string
  login: string
  [field: string]: unknown
}

const entities = async (wanted: readonly string[], viewer?: Viewer) => {
  const refs = wanted.map((id) => ({ __typename: 'User', id }))
  const answer = await users.run<{ _entities: (Entity | null)[] }>(ENTITIES, { refs }, viewer)
  return expectData(answer)._entities
}

describe('a user as a reference', () => {
  it('is found by id, in the order asked, as often as asked', async () => {
    const wanted = [ids[2]!, ids[0]!, ids[2]!]
    const found = await entities(wanted)
    expect(found.map((it) => it?.id)).toEqual(wanted)
    expect(found.map((it) => it?.login)).toEqual(['viewer2', 'viewer0', 'viewer2'])
  })

  it('is null when there is none, or the id is not one', async () => {
    const found = await entities([randomUUID(), ids[0]!, 'viewer0', '', "' OR 1=1"])
    expect(found.map((it) => it?.id)).toEqual([undefined, ids[0], undefined, undefined, undefined])
  })

  it('shows others the login and nothing else', async () => {
    const others = { email: null, firstName: null, lastName: null, roles: null, createdAt: null }
    for (const viewer of [ANONYMOUS, asUser({ id: ids[1]! })]) {
      expect(await entities([ids[0]!], viewer)).toEqual([
        { id: ids[0], login: 'viewer0', ...others },
      ])
    }
  })

  it('shows everything to its owner and to who may read accounts', async () => {
    const whole = { email: 'viewer0@example.org', firstName: 'Ann', roles: ['user'] }
    for (const viewer of [asUser({ id: ids[0]! }), asUser({ permissions: ['users:read'] })]) {
      const [user] = await entities([ids[0]!], viewer)
      expect(user).toMatchObject(whole)
      expect(Date.parse(String(user?.['createdAt']))).toBeLessThanOrEqual(Date.now())
    }
  })

  it('costs as many SQL statements for sixty as for one', async () => {
    const one = await statementsOf(postgres, () => entities(ids.slice(0, 1)))
    const sixty = await statementsOf(postgres, () => entities(ids))
    expect(one).toBeGreaterThan(0)
    expect(sixty).toBe(one)
  })
})

describe('an identity', () => {
  const askWith = async (headers: Record<string, string>) => {
    const { status, body } = await users.subgraph.execute({
      headers: { 'content-type': 'application/json', ...headers },
      body: { query: '{ me { id } }' },
    })
    return { status, answer: JSON.parse(body) as { data?: unknown; errors?: unknown[] } }
  }

  const signedBy = async (key: 'gateway' | 'stranger', at?: Date) => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const jwk = key === 'gateway' ? testIdentity.privateKey : await exportJWK(privateKey)
    const sign = await createViewerSigner(jwk, () => at ?? new Date())
    return { [VIEWER_HEADER]: await sign(asUser({ id: ids[0]! }), 'users') }
  }

  const unsigned = (viewer: object) => {
    const encode = (it: object) => Buffer.from(JSON.stringify(it)).toString('base64url')
    return { [VIEWER_HEADER]: `${encode({ alg: 'none' })}.${encode(viewer)}.` }
  }

  it('that the gateway signed is believed', async () => {
    const { status, answer } = await askWith(await signedBy('gateway'))
    expect(status).toBe(200)
    expect(answer).toEqual({ data: { me: { id: ids[0] } } })
  })

  const claims = () => ({
    sub: ids[0],
    sid: randomUUID(),
    roles: [],
    permissions: [],
    aud: 'users',
    exp: Date.now() / 1000 + 60,
  })

  it.each([
    ['that is missing', async () => ({})],
    ['that nobody signed', async () => unsigned(claims())],
    ['that a stranger signed', () => signedBy('stranger')],
    ['that has expired', () => signedBy('gateway', new Date(Date.now() - 61_000))],
    ['for another subgraph', () => testIdentity.headersFor(asUser({ id: ids[0]! }), 'films')],
    [
      'that is an access token',
      async () => ({ [VIEWER_HEADER]: (await users.logIn('viewer0')).accessToken }),
    ],
  ])('%s is refused', async (_, headers: () => Promise<Record<string, string>>) => {
    const { status, answer } = await askWith(await headers())
    expect(status).toBe(401)
    expect(answer.data).toBeUndefined()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })
})
