import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { VIEWER_HEADER, type Viewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { describeIdentity } from '@cinegraph/testkit/identity.suite'
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

  it('is found whatever the case of its id, and has the id of the database', async () => {
    const found = await entities([ids[0]!.toUpperCase(), ids[0]!])
    expect(found.map((it) => it?.id)).toEqual([ids[0], ids[0]])
  })

  it('is null when there is none, or the id is not one', async () => {
    const found = await entities([randomUUID(), ids[0]!, 'viewer0', '', "' OR 1=1"])
    expect(found.map((it) => it?.id)).toEqual([undefined, ids[0], undefined, undefined, undefined])
  })

  const at = new Date()
  const block = () =>
    postgres.prisma.user.update({
      where: { id: ids[0]! },
      data: { blockedAt: at, blockedReason: 'spam' },
    })

  it('shows others the login and nothing else, also of a blocked account', async () => {
    await block()
    const fields = USER.split(' ').filter((field) => field !== 'id' && field !== 'login')
    const others = Object.fromEntries(fields.map((field) => [field, null]))
    for (const viewer of [ANONYMOUS, asUser({ id: ids[1]! })]) {
      expect(await entities([ids[0]!], viewer)).toEqual([
        { id: ids[0], login: 'viewer0', ...others },
      ])
    }
  })

  it('shows everything to its owner and to who may read accounts', async () => {
    const whole = {
      email: 'viewer0@example.org',
      emailVerified: false,
      firstName: 'Ann',
      hasPassword: true,
      roles: ['user'],
      blockedAt: at.toISOString(),
      blockedReason: 'spam',
    }
    await block()
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

describeIdentity('users', () => users.subgraph)

it('an access token is no identity', async () => {
  const { accessToken } = await users.logIn('viewer1')
  const headers = { [VIEWER_HEADER]: accessToken }
  const { status } = await execute(users.subgraph, { query: '{ me { id } }', headers })
  expect(status).toBe(401)
})
