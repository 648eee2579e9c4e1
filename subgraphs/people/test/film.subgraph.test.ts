import { randomUUID } from 'node:crypto'
import { asUser } from '@cinegraph/testkit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

interface Named {
  name: string
}
interface FilmAnswer {
  id: string
  genres: Named[] | null
  directors: Named[] | null
  credits: {
    totalCount: number
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
    edges: { node: { id: string; role: string; order: number; person: Named } }[]
  } | null
}

const QUERY = /* GraphQL */ `
  query ($films: [_Any!]!, $roles: [CreditRole!], $first: Int! = 20, $after: String) {
    _entities(representations: $films) {
      ... on Film {
        id
        genres {
          name
        }
        directors {
          name
        }
        credits(roles: $roles, first: $first, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            hasPreviousPage
            endCursor
          }
          edges {
            node {
              id
              role
              order
              person {
                name
              }
            }
          }
        }
      }
    }
  }
`

let people: People
beforeAll(async () => {
  people = await openPeople()
})

const visible = (id: string) => ({ __typename: 'Film', id, visible: true })

async function filmsOf(films: readonly object[], args: Readonly<Record<string, unknown>> = {}) {
  const variables = { films, ...args }
  const answer = await execute<{ _entities: (FilmAnswer | null)[] }>(people.subgraph, {
    query: QUERY,
    variables,
    as: asUser(),
  })
  return expectData(answer)._entities
}

async function filmOf(id: string, args: Readonly<Record<string, unknown>> = {}) {
  const [film] = await filmsOf([visible(id)], args)
  return film!
}

describe('a film', () => {
  let filmId: string
  beforeAll(async () => {
    const { seed } = people
    const drama = await seed.genre({ slug: 'drama', name: { en: 'Drama', ru: 'Драма' } })
    const comedy = await seed.genre({ slug: 'comedy', name: { en: 'Comedy', ru: 'Комедия' } })
    const [chaplin, coogan, purviance] = await Promise.all(
      ['Charlie Chaplin', 'Jackie Coogan', 'Edna Purviance'].map((en) =>
        seed.person({ name: { en } }),
      ),
    )
    filmId = await seed.film({
      genreIds: [comedy, drama],
      credits: [
        { personId: coogan!, role: 'ACTOR', order: 4, character: 'The Kid' },
        { personId: chaplin!, role: 'DIRECTOR', order: 1 },
        { personId: purviance!, role: 'DIRECTOR', order: 2 },
        { personId: chaplin!, role: 'ACTOR', order: 3, character: 'A Tramp' },
        { personId: chaplin!, role: 'DIRECTOR', order: 5 },
      ],
    })
    await people.cache.purge(['genres'])
  })

  it('has its genres in its own order', async () => {
    const { genres } = await filmOf(filmId)
    expect(genres).toEqual([{ name: 'Comedy' }, { name: 'Drama' }])
  })

  it('has all its directors, each once', async () => {
    const { directors } = await filmOf(filmId)
    expect(directors).toEqual([{ name: 'Charlie Chaplin' }, { name: 'Edna Purviance' }])
  })

  it('has its credits in billing order', async () => {
    const { credits } = await filmOf(filmId)
    expect(credits?.edges.map(({ node }) => [node.order, node.role, node.person.name])).toEqual([
      [1, 'DIRECTOR', 'Charlie Chaplin'],
      [2, 'DIRECTOR', 'Edna Purviance'],
      [3, 'ACTOR', 'Charlie Chaplin'],
      [4, 'ACTOR', 'Jackie Coogan'],
      [5, 'DIRECTOR', 'Charlie Chaplin'],
    ])
    expect(credits?.totalCount).toBe(5)
    expect(credits?.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
  })

  it('lists and counts only the roles asked for', async () => {
    const { credits } = await filmOf(filmId, { roles: ['ACTOR', 'WRITER'] })
    expect(credits?.edges.map(({ node }) => node.person.name)).toEqual([
      'Charlie Chaplin',
      'Jackie Coogan',
    ])
    expect(credits?.totalCount).toBe(2)
  })

  it('takes an empty list of roles for all', async () => {
    const { credits } = await filmOf(filmId, { roles: [] })
    expect(credits?.totalCount).toBe(5)
    expect(credits?.edges).toHaveLength(5)
  })

  it('says whom an actor plays', async () => {
    const answer = await execute(people.subgraph, {
      query: /* GraphQL */ `
        query ($films: [_Any!]!) {
          _entities(representations: $films) {
            ... on Film {
              credits(roles: [ACTOR]) {
                edges {
                  node {
                    character
                  }
                }
              }
            }
          }
        }
      `,
      variables: { films: [visible(filmId)] },
    })
    expect(expectData(answer)).toEqual({
      _entities: [
        {
          credits: {
            edges: [{ node: { character: 'A Tramp' } }, { node: { character: 'The Kid' } }],
          },
        },
      ],
    })
  })

  it.each([
    ['hidden', { visible: false }],
    ['of unknown visibility', {}],
    ['visible to nobody', { visible: null }],
    ['visible by a text', { visible: 'true' }],
  ])('that is %s gives nothing away', async (_, visibility) => {
    const films = await filmsOf([{ __typename: 'Film', id: filmId, ...visibility }])
    expect(films).toEqual([{ id: filmId, genres: null, directors: null, credits: null }])
  })

  it('that nobody entered anything for is empty', async () => {
    const film = await filmOf(randomUUID())
    expect(film).toMatchObject({
      genres: [],
      directors: [],
      credits: { totalCount: 0, edges: [], pageInfo: { endCursor: null } },
    })
  })

  it('is found whatever the case of its id', async () => {
    const { credits } = await filmOf(filmId.toUpperCase())
    expect(credits?.totalCount).toBe(5)
  })

  it('is null when nothing can have its id', async () => {
    expect(await filmsOf([visible('nonsense'), visible(filmId)])).toMatchObject([
      null,
      { id: filmId },
    ])
  })

  it.each([0, 101, -1])('refuses a page of %i credits', async (first) => {
    const answer = await execute(people.subgraph, {
      query: QUERY,
      variables: { films: [visible(filmId)], first },
    })
    expect(expectError(answer)).toMatchObject({
      path: ['_entities', 0, 'credits'],
      extensions: { code: 'BAD_USER_INPUT', argument: ['first'] },
    })
  })

  it.each([
    ['nonsense', 'nonsense'],
    ['of another list', Buffer.from('["en","Drama","1"]').toString('base64url')],
    ['beyond any billing order', Buffer.from('[4294967296]').toString('base64url')],
  ])('refuses a cursor that is %s', async (_, after) => {
    const answer = await execute(people.subgraph, {
      query: QUERY,
      variables: { films: [visible(filmId)], after },
    })
    expect(expectError(answer).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: ['after'],
    })
  })
})

describe('a long list of credits', () => {
  const STEP = 10
  let filmId: string
  let initial: string[]

  beforeEach(async () => {
    const { seed } = people
    const personId = await seed.person()
    filmId = await seed.film({})
    initial = []
    for (let index = 1; index <= 300; index++) {
      const role = index % 3 === 0 ? 'WRITER' : 'ACTOR'
      initial.push(await seed.credit(filmId, { personId, role, order: index * STEP }))
    }
  })

  /** Reads to the end in pages of 17 and calls `between` before each next page with the last order seen. */
  async function walk(
    roles: readonly string[] | null,
    between: (lastOrder: number) => Promise<void>,
  ) {
    const seen: { id: string; role: string; order: number }[] = []
    let after: string | null = null
    do {
      const { credits }: FilmAnswer = await filmOf(filmId, { roles, first: 17, after })
      expect(credits!.pageInfo.hasPreviousPage).toBe(after !== null)
      seen.push(...credits!.edges.map(({ node }) => node))
      after = credits!.pageInfo.hasNextPage ? credits!.pageInfo.endCursor : null
      if (after !== null) await between(seen.at(-1)!.order)
    } while (after !== null)
    return seen
  }

  it('is read without a repeat or a gap while it changes', async () => {
    const { prisma } = people.postgres
    const personId = await people.seed.person()
    const deleted = new Set<string>()
    const insertedAhead: string[] = []
    const remove = async (id: string | undefined) => {
      if (id === undefined || deleted.has(id)) return
      deleted.add(id)
      await prisma.credit.delete({ where: { id } })
    }
    const seen = await walk(null, async (last) => {
      const position = last / STEP
      const add = (order: number) => people.seed.credit(filmId, { personId, role: 'ACTOR', order })
      if (!Number.isInteger(position)) return
      await add(last - 5)
      insertedAhead.push(await add(last + 5))
      // the very credit that the cursor was made of, one read long ago, one not read yet
      await remove(initial[position - 1])
      await remove(initial[position - 9])
      await remove(initial[position + 3])
    })
    const ids = seen.map((credit) => credit.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(seen.map((credit) => credit.order)).toEqual(
      seen.map((credit) => credit.order).toSorted((a, b) => a - b),
    )
    expect(deleted.size).toBeGreaterThan(30)
    expect(insertedAhead.length).toBeGreaterThan(10)
    const kept = initial.filter((id) => !deleted.has(id))
    expect(ids).toEqual(expect.arrayContaining([...kept, ...insertedAhead]))
  })

  it('is read in one role alone', async () => {
    const seen = await walk(['WRITER'], async () => {})
    expect(seen.map((credit) => credit.id)).toEqual(initial.filter((_, i) => (i + 1) % 3 === 0))
  })
})

describe('many films', () => {
  let filmIds: string[]
  beforeAll(async () => {
    const { seed } = people
    const genreIds = await Promise.all(
      [1, 2, 3].map((n) => seed.genre({ slug: `many-${n}`, name: { en: `Many ${n}` } })),
    )
    filmIds = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const [actor, director] = await Promise.all([seed.person(), seed.person()])
        return seed.film({
          genreIds,
          credits: [
            { personId: actor, role: 'ACTOR', order: 1 },
            { personId: director, role: 'DIRECTOR', order: 2 },
          ],
        })
      }),
    )
  })

  it('cost as many statements as few', async () => {
    const cost = async (count: number) => {
      await people.cache.purge(['genres'])
      const statements = people.countStatements()
      const films = await filmsOf(filmIds.slice(0, count).map(visible))
      expect(films.filter((film) => film?.credits?.totalCount === 2)).toHaveLength(count)
      expect(films.filter((film) => film?.genres?.length === 3)).toHaveLength(count)
      expect(films.filter((film) => film?.directors?.length === 1)).toHaveLength(count)
      return statements()
    }
    const few = await cost(5)
    expect(few).toBeGreaterThan(0)
    expect(few).toBeLessThanOrEqual(8)
    expect(await cost(50)).toBe(few)
  })

  it('each get their own number of credits', async () => {
    const answer = await execute<{
      _entities: Record<'one' | 'two', { edges: { node: { order: number } }[] }>[]
    }>(people.subgraph, {
      query: /* GraphQL */ `
        query ($films: [_Any!]!) {
          _entities(representations: $films) {
            ... on Film {
              one: credits(first: 1) {
                ...Orders
              }
              two: credits(first: 2, roles: [DIRECTOR, ACTOR]) {
                ...Orders
              }
            }
          }
        }
        fragment Orders on CreditConnection {
          edges {
            node {
              order
            }
          }
        }
      `,
      variables: { films: filmIds.slice(0, 7).map(visible) },
    })
    for (const { one, two } of expectData(answer)._entities) {
      expect(one.edges.map(({ node }) => node.order)).toEqual([1])
      expect(two.edges.map(({ node }) => node.order)).toEqual([1, 2])
    }
  })
})
