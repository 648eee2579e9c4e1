import { randomUUID } from 'node:crypto'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { beforeAll, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

interface GenresAnswer {
  genres: {
    totalCount: number
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
    edges: { node: { slug: string; name: string } }[]
  }
}

const LIST = /* GraphQL */ `
  query ($language: Language! = EN, $first: Int! = 20, $after: String) {
    genres(language: $language, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        endCursor
      }
      edges {
        node {
          slug
          name(language: $language)
        }
      }
    }
  }
`

const ONE = /* GraphQL */ `
  query ($id: ID, $slug: String) {
    genre(id: $id, slug: $slug) {
      id
      slug
      name
      ru: name(language: RU)
      description(language: RU)
    }
  }
`

let people: People
let dramaId: string
beforeAll(async () => {
  people = await openPeople()
  const { seed } = people
  dramaId = await seed.genre({ slug: 'drama', name: { en: 'Drama', ru: 'Драма' } })
  await seed.genre({ slug: 'war', name: { en: 'War', ru: 'Военный' } })
  await seed.genre({ slug: 'epic', name: { en: 'épic', ru: 'Эпос' } })
  await seed.genre({ slug: 'fantasy', name: { en: 'Fantasy' } })
  await seed.genre({ slug: 'noir', name: {} })
  await seed.genre({ slug: 'christmas', name: { en: 'Christmas', ru: 'Ёлочный' } })
})

const list = async (variables: Readonly<Record<string, unknown>> = {}) =>
  expectData(await execute<GenresAnswer>(people.subgraph, { query: LIST, variables })).genres

const one = (variables: Readonly<Record<string, unknown>>) =>
  execute<{ genre: object | null }>(people.subgraph, { query: ONE, variables })

it('lists genres as the alphabet of the language has them', async () => {
  const english = await list()
  expect(english.edges.map(({ node }) => node.name)).toEqual([
    'Christmas',
    'Drama',
    'épic',
    'Fantasy',
    'noir',
    'War',
  ])
  expect(english.totalCount).toBe(6)
  const russian = await list({ language: 'RU' })
  expect(russian.edges.map(({ node }) => node.name)).toEqual(
    ['Военный', 'Драма', 'Ёлочный', 'Эпос', 'Fantasy', 'noir'].toSorted(
      new Intl.Collator('ru').compare,
    ),
  )
})

it('reads the database once, until the tag is purged', async () => {
  await people.cache.purge(['genres'])
  await list()
  const statements = people.countStatements()
  await list({ language: 'RU' })
  await one({ slug: 'war' })
  await one({ id: dramaId })
  expect(statements()).toBe(0)
  await people.postgres.prisma.genreTranslation.updateMany({
    where: { genreId: dramaId, language: 'en' },
    data: { name: 'Dramas' },
  })
  await people.cache.purge(['genres'])
  expect(expectData(await one({ id: dramaId })).genre).toMatchObject({ name: 'Dramas' })
})

it('finds a genre by id and by slug', async () => {
  const war = {
    slug: 'war',
    name: 'War',
    ru: 'Военный',
    description: 'Военный: films.',
  }
  expect(expectData(await one({ slug: 'war' })).genre).toMatchObject(war)
  expect(expectData(await one({ id: dramaId.toUpperCase() })).genre).toMatchObject({
    id: dramaId,
    slug: 'drama',
  })
})

it('falls back to the language that there is', async () => {
  expect(expectData(await one({ slug: 'fantasy' })).genre).toMatchObject({
    ru: 'Fantasy',
    description: 'Fantasy: films.',
  })
})

it('falls back to the slug where there is no name in any language', async () => {
  expect(expectData(await one({ slug: 'noir' })).genre).toMatchObject({
    name: 'noir',
    ru: 'noir',
    description: null,
  })
})

it.each([
  ['an unknown id', { id: randomUUID() }],
  ['an unknown slug', { slug: 'opera' }],
  ['no id at all', { id: 'drama' }],
])('finds nothing under %s', async (_, variables) => {
  expect(expectData(await one(variables)).genre).toBeNull()
})

it.each([
  ['neither', {}],
  ['both', { id: randomUUID(), slug: 'war' }],
])('refuses %s of id and slug', async (_, variables) => {
  expect(expectError(await one(variables)).extensions.code).toBe('BAD_USER_INPUT')
})

it.each([
  ['an empty page', { first: 0 }, 'first'],
  ['a page above the limit', { first: 101 }, 'first'],
  ['nonsense for a cursor', { after: 'nonsense' }, 'after'],
])('refuses %s', async (_, variables, argument) => {
  const answer = await execute(people.subgraph, { query: LIST, variables })
  expect(expectError(answer).extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    argument: [argument],
  })
})

it('refuses a cursor of another language', async () => {
  const { pageInfo } = await list({ first: 1 })
  const answer = await execute(people.subgraph, {
    query: LIST,
    variables: { language: 'RU', after: pageInfo.endCursor },
  })
  expect(expectError(answer).message).toBe('after: is not a cursor of this list')
})

it('answers references in order, null where there is no genre', async () => {
  await people.cache.purge(['genres'])
  const statements = people.countStatements()
  const answer = await execute(people.subgraph, {
    query: /* GraphQL */ `
      query ($genres: [_Any!]!) {
        _entities(representations: $genres) {
          ... on Genre {
            slug
          }
        }
      }
    `,
    variables: {
      genres: [randomUUID(), dramaId, 'nonsense', dramaId.toUpperCase()].map((id) => ({
        __typename: 'Genre',
        id,
      })),
    },
  })
  expect(expectData(answer)).toEqual({
    _entities: [null, { slug: 'drama' }, null, { slug: 'drama' }],
  })
  expect(statements()).toBeLessThanOrEqual(2)
})

it('pages on while genres come and go', async () => {
  const changing = await openPeople()
  const names = ['Comedy', 'Drama', 'Epic', 'Fantasy', 'War']
  for (const en of names) await changing.seed.genre({ slug: en.toLowerCase(), name: { en } })
  const page = async (after: string | null) => {
    const variables = { first: 2, after }
    return expectData(await execute<GenresAnswer>(changing.subgraph, { query: LIST, variables }))
      .genres
  }
  const first = await page(null)
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  await changing.seed.genre({ slug: 'animation', name: { en: 'Animation' } })
  await changing.postgres.prisma.genre.delete({ where: { slug: 'drama' } })
  await changing.cache.purge(['genres'])
  const second = await page(first.pageInfo.endCursor)
  expect(second.edges.map(({ node }) => node.slug)).toEqual(['epic', 'fantasy'])
  expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
  const third = await page(second.pageInfo.endCursor)
  expect(third.edges.map(({ node }) => node.slug)).toEqual(['war'])
  expect(third.pageInfo.hasNextPage).toBe(false)
})
