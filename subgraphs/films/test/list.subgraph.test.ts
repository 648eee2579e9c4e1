import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

const LIST = /* GraphQL */ `
  query (
    $filter: FilmFilter
    $sort: FilmSort
    $language: Language! = EN
    $first: Int! = 20
    $after: String
  ) {
    films(filter: $filter, sort: $sort, language: $language, first: $first, after: $after) {
      edges {
        cursor
        node {
          slug
          title
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      totalCount
    }
  }
`

interface Page {
  edges: { cursor: string; node: { slug: string } }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
  totalCount: number
}
type Variables = Readonly<Record<string, unknown>>

let films: Films
let ids: Readonly<Record<'lang' | 'helm' | 'drama' | 'comedy', string>>
beforeAll(async () => {
  films = await openFilms()
  const { seed } = films
  const lang = await seed.person({ en: 'Fritz Lang', ru: 'Фриц Ланг' })
  const helm = await seed.person({ en: 'Brigitte Helm' })
  const drama = await seed.genre('drama', { en: 'Drama', ru: 'Драма' })
  const comedy = await seed.genre('comedy', { en: 'Comedy', ru: 'Комедия' })
  ids = { lang: lang.id, helm: helm.id, drama: drama.id, comedy: comedy.id }
  await seed.film({
    slug: 'metropolis',
    title: { en: 'Metropolis', ru: 'Метрополис' },
    releaseDate: '1927-01-10',
    countries: ['DE'],
    externalRating: 8.3,
    genres: [drama],
    credits: [
      { person: lang, role: 'DIRECTOR' },
      { person: helm, role: 'ACTOR' },
    ],
  })
  await seed.film({
    slug: 'm',
    title: { en: 'M', ru: 'Эм' },
    releaseDate: '1931-05-11',
    countries: ['DE', 'FR'],
    externalRating: 8.3,
    ageRating: 16,
    genres: [drama],
    credits: [{ person: lang, role: 'DIRECTOR' }],
  })
  await seed.film({
    slug: 'the-general',
    title: { en: 'The General', ru: 'Генерал' },
    releaseDate: '1926-12-31',
    externalRating: 8.1,
    genres: [comedy],
  })
  await seed.film({
    slug: 'contempt',
    title: { en: 'Contempt', ru: 'Презрение' },
    releaseDate: '1963-10-29',
    countries: ['FR'],
    ageRating: 18,
    genres: [drama],
    credits: [{ person: lang, role: 'ACTOR' }],
  })
  await seed.film({
    slug: 'a-serial',
    type: 'TV_SHOW',
    title: { en: 'A Serial', ru: 'Ёлки' },
    genres: [drama, comedy],
  })
})

// an editor reads past the cache, so tests that write between reads see what they wrote
const editor = asUser({ permissions: ['films:read-hidden'] })
const list = async (variables: Variables = {}) =>
  expectData(await execute<{ films: Page }>(films.subgraph, { query: LIST, variables, as: editor }))
    .films
const slugs = (page: Page) => page.edges.map(({ node }) => node.slug)

describe('films', () => {
  it('come newest first, those without a date last', async () => {
    const page = await list()
    expect(slugs(page)).toEqual(['contempt', 'm', 'metropolis', 'the-general', 'a-serial'])
    expect(page.totalCount).toBe(5)
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
  })

  it.each<[string, Variables, string[]]>([
    [
      'title',
      { sort: { field: 'TITLE' } },
      ['a-serial', 'contempt', 'm', 'metropolis', 'the-general'],
    ],
    [
      'title in Russian, backwards',
      { sort: { field: 'TITLE', direction: 'DESC' }, language: 'RU' },
      ['m', 'contempt', 'metropolis', 'a-serial', 'the-general'],
    ],
    [
      'release date',
      { sort: { field: 'RELEASE_DATE', direction: 'ASC' } },
      ['the-general', 'metropolis', 'm', 'contempt', 'a-serial'],
    ],
  ])('can be sorted by %s', async (_, variables, expected) => {
    expect(slugs(await list(variables))).toEqual(expected)
  })

  it('without a rating come last in both directions', async () => {
    const sorted = async (direction: string) =>
      slugs(await list({ sort: { field: 'EXTERNAL_RATING', direction } }))
    expect((await sorted('DESC')).slice(3).sort()).toEqual(['a-serial', 'contempt'])
    expect((await sorted('ASC'))[0]).toBe('the-general')
    expect((await sorted('ASC')).slice(3).sort()).toEqual(['a-serial', 'contempt'])
  })

  it.each<[string, () => Variables, string[]]>([
    ['any of some genres', () => ({ genreIds: [ids.comedy] }), ['the-general', 'a-serial']],
    ['all of some genres', () => ({ allGenreIds: [ids.comedy, ids.drama] }), ['a-serial']],
    [
      'genres that they must not have',
      () => ({ genreIds: [ids.drama], excludedGenreIds: [ids.comedy] }),
      ['contempt', 'm', 'metropolis'],
    ],
    ['a type', () => ({ types: ['TV_SHOW'] }), ['a-serial']],
    ['a span of years', () => ({ yearFrom: 1927, yearTo: 1931 }), ['m', 'metropolis']],
    ['a span of ratings', () => ({ ratingTo: 8.1 }), ['the-general']],
    ['age ratings', () => ({ ageRatings: [16, 18] }), ['contempt', 'm']],
    ['an age', () => ({ ageRatingTo: 12 }), ['metropolis', 'the-general', 'a-serial']],
    ['countries', () => ({ countries: ['FR'] }), ['contempt', 'm']],
    [
      'countries where they were not made',
      () => ({ excludedCountries: ['FR', 'US'] }),
      ['metropolis'],
    ],
    ['a person', () => ({ persons: [{ id: ids.lang }] }), ['contempt', 'm', 'metropolis']],
    [
      'a person in a role',
      () => ({ persons: [{ id: ids.lang, role: 'DIRECTOR' }] }),
      ['m', 'metropolis'],
    ],
    [
      'two persons together',
      () => ({ persons: [{ id: ids.helm }, { id: ids.lang }] }),
      ['metropolis'],
    ],
    [
      'several conditions',
      () => ({ genreIds: [ids.drama], countries: ['DE'], yearTo: 1930 }),
      ['metropolis'],
    ],
  ])('can be filtered by %s', async (_, filter, expected) => {
    const page = await list({ filter: filter() })
    expect(slugs(page)).toEqual(expected)
    expect(page.totalCount).toBe(expected.length)
  })

  it.each<[Variables, string]>([
    [{ first: 0 }, 'first: must be between 1 and 100'],
    [{ first: 101 }, 'first: must be between 1 and 100'],
    [{ after: 'nonsense' }, 'after: is not a cursor of this list'],
    [{ sort: { field: 'RANDOM' } }, 'sort.seed: is required with RANDOM'],
    [{ sort: { field: 'RANDOM', seed: -1 } }, 'sort.seed: must be between 0 and 2147483647'],
    [{ filter: { yearFrom: 1 } }, 'filter.yearFrom: must be between 1870 and 2100'],
    [{ filter: { genreIds: ['drama'] } }, 'filter.genreIds.0: must be an id'],
  ])('refuse %o', async (variables, message) => {
    const error = expectError(await execute(films.subgraph, { query: LIST, variables }))
    expect(error).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('lead on from a page whose films have just gone', async () => {
    const gone = await films.seed.film({ releaseDate: '2001-01-01' })
    await films.postgres.prisma.film.delete({ where: { id: gone } })
    const page = await list({ first: 1 })
    expect(page.edges).toEqual([])
    expect(page.pageInfo.hasNextPage).toBe(true)
    const next = await list({ first: 1, after: page.pageInfo.endCursor })
    expect(slugs(next)).toEqual(['contempt'])
    await films.search.remove('film', [{ id: gone, version: Date.now() * 2_000 }])
  })

  it('take the same statements for 50 as for 5', async () => {
    for (let i = 0; i < 45; i++) await films.seed.film()
    const sizes: number[] = []
    const count = (first: number) =>
      films.countStatements(async () => sizes.push((await list({ first })).edges.length))
    expect(await count(50)).toBe(await count(5))
    expect(sizes).toEqual([50, 5])
  })
})

describe('a shuffled list', () => {
  const sort = (seed: number) => ({ field: 'RANDOM', seed })
  it('is the same page by page, and another for another seed', async () => {
    const all = async (seed: number) => slugs(await list({ sort: sort(seed), first: 100 }))
    const whole = await all(5)
    const paged: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const page: Page = await list({ sort: sort(5), first: 7, after })
      paged.push(...slugs(page))
      after = page.pageInfo.endCursor
      more = page.pageInfo.hasNextPage
    }
    expect(paged).toEqual(whole)
    expect(await all(6)).not.toEqual(whole)
    expect(new Set(await all(6))).toEqual(new Set(whole))
  })
})

describe('the filter by state', () => {
  const filter = { statuses: ['DRAFT', 'ARCHIVED'] }
  it('shows editors what nobody else sees', async () => {
    const draft = await films.seed.film({ slug: 'draft', status: 'DRAFT' })
    const archived = await films.seed.film({ slug: 'archived', status: 'ARCHIVED' })
    const page = await list({ filter })
    expect(slugs(page).sort()).toEqual(['archived', 'draft'])
    expect(page.totalCount).toBe(2)
    for (const id of [draft, archived]) await films.seed.remove(id)
  })

  it.each([
    ['anonymous', undefined],
    ['a user', asUser({ roles: ['user', 'subscriber'], permissions: ['people:write'] })],
  ])('is refused to %s', async (_, as) => {
    const variables = { filter: { statuses: ['PUBLISHED'] } }
    const asked = { query: LIST, variables, ...(as && { as }) }
    expect(expectError(await execute(films.subgraph, asked))).toMatchObject({
      message: 'filter.statuses: needs the permission films:read-hidden or films:write',
      extensions: { code: 'FORBIDDEN', argument: ['filter', 'statuses'] },
    })
  })
})

describe('a first page', () => {
  it('takes no statement for those who ask after others of their class', async () => {
    const ask = (as = asUser()) => execute(films.subgraph, { query: LIST, as })
    expect(await films.countStatements(() => ask())).toBeGreaterThan(0)
    expect(await films.countStatements(() => ask())).toBe(0)
    const subscriber = asUser({ roles: ['subscriber'] })
    expect(await films.countStatements(() => ask(subscriber))).toBeGreaterThan(0)
  })
})

describe('a walk through a list that changes', () => {
  it('neither repeats nor skips a film that was there all the time', async () => {
    const country = 'IS'
    const filter = { countries: [country] }
    const rating = (index: number) => (index % 3 === 0 ? null : (index % 4) + 1)
    const film = (index: number) =>
      films.seed.film({
        countries: [country],
        externalRating: rating(index),
        slug: `walk-${index}`,
      })
    const stable = new Set<string>()
    for (let index = 0; index < 24; index++) {
      await film(index)
      stable.add(`walk-${index}`)
    }
    const sort = { field: 'EXTERNAL_RATING', direction: 'DESC' }
    const seen: string[] = []
    let after: string | null = null
    for (let round = 0, more = true; more; round++) {
      const page: Page = await list({ filter, sort, first: 5, after })
      seen.push(...slugs(page))
      after = page.pageInfo.endCursor
      more = page.pageInfo.hasNextPage
      // the film that the cursor stands on goes, and others come before and after it
      const last = slugs(page).at(-1)!
      const row = await films.postgres.prisma.film.findUniqueOrThrow({ where: { slug: last } })
      await films.seed.remove(row.id)
      await film(100 + round * 2)
      await film(101 + round * 2)
      expect(round).toBeLessThan(24)
    }
    expect(seen).toHaveLength(new Set(seen).size)
    expect([...stable].filter((slug) => !seen.includes(slug))).toEqual([])
  })
})

describe('films of persons and genres', () => {
  const FILMOGRAPHY = /* GraphQL */ `
    query ($of: [_Any!]!, $role: CreditRole) {
      _entities(representations: $of) {
        ... on Person {
          films(role: $role, sort: { field: RELEASE_DATE }, first: 2) {
            totalCount
            edges {
              node {
                slug
              }
            }
          }
        }
        ... on Genre {
          filmCount
          films(first: 2) {
            totalCount
          }
        }
      }
    }
  `
  const of = (variables: Variables) =>
    execute(films.subgraph, { query: FILMOGRAPHY, variables }).then(expectData)

  it.each<[string | null, string[], number]>([
    [null, ['metropolis', 'm'], 3],
    ['ACTOR', ['contempt'], 1],
    ['COMPOSER', [], 0],
  ])('are found for a person as %s', async (role, expected, totalCount) => {
    const answer = await of({ of: [{ __typename: 'Person', id: ids.lang }], role })
    const edges = expected.map((slug) => ({ node: { slug } }))
    expect(answer).toEqual({ _entities: [{ films: { totalCount, edges } }] })
  })

  it('are counted for many genres by one statement', async () => {
    const query = /* GraphQL */ `
      query ($of: [_Any!]!) {
        _entities(representations: $of) {
          ... on Genre {
            filmCount
          }
        }
      }
    `
    const ofGenres = (...genreIds: string[]) => genreIds.map((id) => ({ __typename: 'Genre', id }))
    const ask = (...genreIds: string[]) =>
      execute(films.subgraph, { query, variables: { of: ofGenres(...genreIds) }, as: editor })
    let answer: Awaited<ReturnType<typeof ask>> | undefined
    const count = await films.countStatements(async () => {
      answer = await ask(ids.drama, ids.comedy, ids.lang)
    })
    expect(expectData(answer!)).toEqual({
      _entities: [{ filmCount: 4 }, { filmCount: 2 }, { filmCount: 0 }],
    })
    expect(count).toBe(await films.countStatements(() => ask(ids.drama)))
  })
})
