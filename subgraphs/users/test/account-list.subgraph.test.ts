import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Viewer } from '@cinegraph/kit/identity'
import { encodeCursor } from '@cinegraph/kit/cursor'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { READER, refusalOf, ROLES } from './administration.js'
import { startUsers } from './start-users.js'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

const PEOPLE = [
  ['Murnau', 'fw@ufa.example.org', 'Friedrich Wilhelm', 'Murnau'],
  ['lang.fritz', 'fritz@ufa.example.org', 'Fritz', 'Lang'],
  ['dziga_vertov', null, 'Дзига', 'Вертов'],
  ['eisenstein', 'sergei@mosfilm.example.org', 'Сергей', 'Эйзенштейн'],
  ['ophuls', null, 'Max', 'Ophüls'],
  ['100percent', 'percent%20@example.org', null, null],
  ['langlois', null, 'Henri', 'Langlois'],
] as const

const day = (n: number) => new Date(Date.UTC(2026, 0, n))

/** Rows as they would come of registrations on one day each. */
async function insert(rows: readonly (readonly [string, ...(string | null)[]])[]) {
  await postgres.prisma.user.createMany({
    data: rows.map(([login, email = null, firstName = null, lastName = null], index) => ({
      id: crypto.randomUUID(),
      login,
      loginKey: login.toLowerCase(),
      email,
      firstName,
      lastName,
      createdAt: day(index + 1),
    })),
  })
}

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
  await insert(PEOPLE)
  await postgres.prisma.user.update({
    where: { loginKey: 'ophuls' },
    data: { blockedAt: day(20), blockedReason: 'spam' },
  })
  const { id: userId } = await postgres.prisma.user.findUniqueOrThrow({
    where: { loginKey: 'murnau' },
  })
  await postgres.prisma.userRole.create({ data: { userId, roleId: ROLES.editor } })
})

const LIST = `query ($filter: UserFilter, $sort: UserSort, $first: Int, $after: String) {
  users(filter: $filter, sort: $sort, first: $first, after: $after) {
    edges { node { login blockedReason } cursor }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`

interface List {
  users: {
    edges: { node: { login: string; blockedReason: string | null }; cursor: string }[]
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
  }
}

const ask = (variables: Record<string, unknown>, viewer: Viewer = READER) =>
  users.run<List>(LIST, variables, viewer)
const list = async (variables: Record<string, unknown>) => expectData(await ask(variables)).users
const loginsOf = async (variables: Record<string, unknown>) =>
  (await list(variables)).edges.map(({ node }) => node.login)
const search = (text: string) => loginsOf({ filter: { search: text }, sort: 'LOGIN' })

describe('a search of accounts', () => {
  it.each([
    ['rnau', ['Murnau']],
    ['MURN', ['Murnau']],
    ['lang', ['lang.fritz', 'langlois']],
    ['@ufa.example', ['lang.fritz', 'Murnau']],
    ['fritz lang', ['lang.fritz']],
    ['вертов', ['dziga_vertov']],
    ['ВЕРТ', ['dziga_vertov']],
    ['vertov', ['dziga_vertov']],
    ['ophuls', ['ophuls']],
    ['OPHÜLS', ['ophuls']],
    ['  ophüls ', ['ophuls']],
    ['nobody at all', []],
  ])('for %j finds %j', async (text, logins) => {
    expect(await search(text)).toEqual(logins)
  })

  it.each([
    ['la', ['lang.fritz', 'langlois']],
    ['d', ['dziga_vertov']],
    ['an', []],
  ])('for %j, which is short, finds the logins that begin so: %j', async (text, logins) => {
    expect(await search(text)).toEqual(logins)
  })

  it.each([
    ['%20', ['100percent']],
    ['_vertov', ['dziga_vertov']],
    ['a_g.', []],
    ['%', []],
    ['\\', []],
  ])('takes %j as it is', async (text, logins) => {
    expect(await search(text)).toEqual(logins)
  })

  it('for nothing finds everybody', async () => {
    expect(await search(' ')).toHaveLength(PEOPLE.length)
  })
})

describe('a filter of accounts', () => {
  it.each([
    [{ role: 'editor' }, ['Murnau']],
    [{ role: 'admin' }, []],
    [{ blocked: true }, ['ophuls']],
    [{ blocked: false, search: 'max' }, []],
    [{ registeredFrom: day(3), registeredBefore: day(5) }, ['dziga_vertov', 'eisenstein']],
    [{ registeredFrom: '0001-01-01T00:00:00Z', registeredBefore: day(2) }, ['Murnau']],
    [{ registeredFrom: '9999-01-01T00:00:00Z' }, []],
    [{ search: 'lang', registeredFrom: day(7) }, ['langlois']],
    [{ search: null, role: null, blocked: null, registeredBefore: day(2) }, ['Murnau']],
  ])('%j leaves %j', async (filter, logins) => {
    expect(await loginsOf({ filter, sort: 'LOGIN' })).toEqual(logins)
  })

  it.each([
    [{ role: 'emperor' }, 'role'],
    [{ role: 'a\0b' }, 'role'],
    [{ search: 'x'.repeat(255) }, 'search'],
    [{ search: 'a\0b' }, 'search'],
  ])('%j is refused', async (filter, field) => {
    expect(await refusalOf(ask({ filter }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: ['filter', field],
    })
  })
})

const SORTS = {
  NEWEST_FIRST: PEOPLE.map(([login]) => login).toReversed(),
  OLDEST_FIRST: PEOPLE.map(([login]) => login),
  LOGIN: ['100percent', 'dziga_vertov', 'eisenstein', 'lang.fritz', 'langlois', 'Murnau', 'ophuls'],
  LOGIN_REVERSED: [
    ...['ophuls', 'Murnau', 'langlois', 'lang.fritz', 'eisenstein', 'dziga_vertov', '100percent'],
  ],
}

describe('a list of accounts', () => {
  it.each(Object.entries(SORTS))('sorts by %s, page by page', async (sort, logins) => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const { edges, pageInfo } = await list({ sort, first: 3, after })
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      expect(pageInfo.hasNextPage).toBe(seen.length + edges.length < logins.length)
      seen.push(...edges.map(({ node }) => node.login))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(logins)
  })

  it('is newest first when nothing is said', async () => {
    expect(await loginsOf({})).toEqual(SORTS.NEWEST_FIRST)
  })

  it('goes on where it was when somebody registers or goes meanwhile', async () => {
    const { pageInfo } = await list({ first: 2 })
    await users.register({ login: 'newcomer' })
    await postgres.prisma.user.delete({ where: { loginKey: 'langlois' } })
    const rest = await loginsOf({ after: pageInfo.endCursor })
    expect(rest).toEqual(SORTS.NEWEST_FIRST.slice(2))
    await postgres.prisma.user.delete({ where: { loginKey: 'newcomer' } })
    await insert([PEOPLE[6]])
    await postgres.prisma.user.update({
      where: { loginKey: 'langlois' },
      data: { createdAt: day(7) },
    })
  })

  it('keeps apart those who registered at one moment', async () => {
    const twins = Array.from({ length: 5 }, (_, i) => [`twin${i}`] as const)
    await insert(twins)
    const createdAt = day(25)
    await postgres.prisma.user.updateMany({
      where: { loginKey: { startsWith: 'twin' } },
      data: { createdAt },
    })
    const filter = { search: 'twin' }
    const pages = new Set<string>()
    let after: string | null = null
    for (let page = 0; page < 5; page++) {
      const { edges, pageInfo } = await list({ filter, first: 1, after })
      pages.add(edges[0]!.node.login)
      after = pageInfo.endCursor
    }
    expect(pages.size).toBe(5)
    await postgres.prisma.user.deleteMany({ where: { loginKey: { startsWith: 'twin' } } })
  })

  it('counts all that match, when asked', async () => {
    const count = async (filter: object) =>
      expectData(
        await users.run<{ users: { totalCount: number } }>(
          'query ($filter: UserFilter) { users(filter: $filter, first: 1) { totalCount } }',
          { filter },
          READER,
        ),
      ).users.totalCount
    expect(await count({})).toBe(PEOPLE.length)
    expect(await count({ search: 'lang' })).toBe(2)
    expect(await count({ search: 'nobody at all' })).toBe(0)
  })

  it.each([
    ['NEWEST_FIRST', encodeCursor(['murnau'])],
    ['NEWEST_FIRST', encodeCursor(['not a time', crypto.randomUUID()])],
    ['LOGIN', encodeCursor([day(1), crypto.randomUUID()])],
    ['LOGIN', encodeCursor(['a\0b'])],
    ['LOGIN', 'nonsense'],
  ])('refuses a cursor of another list: %s %s', async (sort, after) => {
    expect(await refusalOf(ask({ sort, after }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: ['after'],
    })
  })

  it('takes a cursor from before the first account as the beginning', async () => {
    const after = encodeCursor(['0000-01-01T00:00:00.000Z', crypto.randomUUID()])
    expect(await loginsOf({ sort: 'OLDEST_FIRST', after })).toEqual(SORTS.OLDEST_FIRST)
  })

  it.each([0, 101])('refuses pages of %i', async (first) => {
    expect(await refusalOf(ask({ first }))).toMatchObject({ argument: ['first'] })
  })
})

describe('one account', () => {
  const find = (id: string, viewer: Viewer) =>
    users.run<{ user: unknown }>(
      'query ($id: ID!) { user(id: $id) { login email blockedReason } }',
      { id },
      viewer,
    )

  it('is found by its id, with what is private', async () => {
    const { id } = await postgres.prisma.user.findUniqueOrThrow({ where: { loginKey: 'ophuls' } })
    expect(expectData(await find(id.toUpperCase(), READER)).user).toEqual({
      login: 'ophuls',
      email: null,
      blockedReason: 'spam',
    })
  })

  it.each([crypto.randomUUID(), 'murnau'])('is null when there is none: %s', async (id) => {
    expect(expectData(await find(id, READER)).user).toBeNull()
  })

  it.each([
    [ANONYMOUS, 'UNAUTHENTICATED'],
    [asUser(), 'FORBIDDEN'],
    [asUser({ permissions: ['users:write', 'roles:write'] }), 'FORBIDDEN'],
  ])('is, like the list, not for $kind with $permissions', async (viewer, code) => {
    expect(await refusalOf(find(crypto.randomUUID(), viewer))).toMatchObject({ code })
    expect(await refusalOf(ask({}, viewer))).toMatchObject({ code })
  })
})
