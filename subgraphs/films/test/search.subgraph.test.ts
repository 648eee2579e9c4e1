import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

const SEARCH = /* GraphQL */ `
  query (
    $text: String!
    $language: Language! = EN
    $filter: FilmFilter
    $facets: [FilmFacetName!]
  ) {
    searchFilms(text: $text, language: $language, filter: $filter) {
      totalCount
      didYouMean
      edges {
        node {
          slug
        }
        highlights {
          field
          fragments {
            text
            matched
          }
        }
      }
      facets(names: $facets) {
        name
        buckets {
          value
          count
          genre {
            id
          }
        }
      }
    }
  }
`

interface Found {
  totalCount: number
  didYouMean: string | null
  edges: {
    node: { slug: string }
    highlights: { field: string; fragments: { text: string; matched: boolean }[] }[]
  }[]
  facets: { name: string; buckets: { value: string; count: number; genre: unknown }[] }[]
}
type Variables = Readonly<Record<string, unknown>>

let films: Films
let comedy: string
let drama: string
let keaton: string
let general: string
beforeAll(async () => {
  films = await openFilms()
  const { seed } = films
  const buster = await seed.person({ en: 'Buster Keaton', ru: 'Бастер Китон' })
  const genres = {
    comedy: await seed.genre('comedy', { en: 'Comedy', ru: 'Комедия' }),
    drama: await seed.genre('drama', { en: 'Drama', ru: 'Драма' }),
  }
  comedy = genres.comedy.id
  drama = genres.drama.id
  keaton = buster.id
  general = await seed.film({
    slug: 'the-general',
    title: { en: 'The General', ru: 'Генерал' },
    description: { en: 'An engine driver pursues those who stole his locomotive.' },
    releaseDate: '1926-12-31',
    genres: [genres.comedy],
    credits: [{ person: buster, role: 'DIRECTOR' }],
  })
  await seed.film({
    slug: 'sherlock-jr',
    title: { en: 'Sherlock Jr.', ru: 'Шерлок младший' },
    releaseDate: '1924-04-21',
    genres: [genres.comedy],
    credits: [{ person: buster, role: 'ACTOR' }],
  })
  await seed.film({
    slug: 'the-wind',
    title: { en: 'The Wind', ru: 'Ветер' },
    description: { en: 'A general store in the desert.' },
    releaseDate: '1928-11-23',
    countries: ['FR'],
    genres: [genres.drama],
  })
  await seed.film({
    slug: 'hidden-general',
    title: { en: 'The Hidden General' },
    status: 'DRAFT',
    genres: [genres.drama],
  })
})

const search = async (variables: Variables) =>
  expectData(await execute<{ searchFilms: Found }>(films.subgraph, { query: SEARCH, variables }))
    .searchFilms
const slugs = ({ edges }: Found) => edges.map(({ node }) => node.slug)

describe('searchFilms', () => {
  it('ranks a title above a description, and counts what it found', async () => {
    const found = await search({ text: 'general' })
    expect(slugs(found)).toEqual(['the-general', 'the-wind'])
    expect(found.totalCount).toBe(2)
  })

  it.each([
    ['Russian words in another form', 'генерала'],
    ['a typo', 'generl'],
    ['the wrong keyboard layout', 'путукфд'],
  ])('forgives %s', async (_, text) => {
    expect(slugs(await search({ text, language: 'RU' }))).toContain('the-general')
  })

  it('finds by person and shows what matched', async () => {
    const found = await search({ text: 'keaton' })
    expect(slugs(found).sort()).toEqual(['sherlock-jr', 'the-general'])
    const [highlight] = found.edges[0]!.highlights
    expect(highlight!.field).toBe('PERSON')
    expect(highlight!.fragments.filter(({ matched }) => matched)).toEqual([
      { text: 'Keaton', matched: true },
    ])
  })

  it('finds everything for an empty text, without highlights', async () => {
    const found = await search({ text: '' })
    expect(slugs(found)).toEqual(['the-wind', 'the-general', 'sherlock-jr'])
    expect(found.edges.flatMap(({ highlights }) => highlights)).toEqual([])
  })

  it('counts facets in the order asked, each without its own filter', async () => {
    const variables = { text: '', filter: { genreIds: [comedy] }, facets: ['COUNTRY', 'GENRE'] }
    expect((await search(variables)).facets).toEqual([
      { name: 'COUNTRY', buckets: [{ value: 'US', count: 2, genre: null }] },
      {
        name: 'GENRE',
        buckets: [
          { value: comedy, count: 2, genre: { id: comedy } },
          { value: drama, count: 1, genre: { id: drama } },
        ],
      },
    ])
  })

  it('counts every facet when none is named', async () => {
    const { facets } = await search({ text: '' })
    expect(facets.map(({ name }) => name)).toEqual([
      'GENRE',
      'TYPE',
      'YEAR',
      'AGE_RATING',
      'COUNTRY',
      'RATING',
    ])
    const counted = facets.filter(({ name }) => name !== 'RATING')
    expect(counted.every(({ buckets }) => buckets.length > 0)).toBe(true)
  })

  it('counts ratings in whole points, those without one in none', async () => {
    const rated: string[] = []
    for (const externalRating of [7, 7.9, 8, 10]) {
      rated.push(await films.seed.film({ countries: ['IS'], externalRating }))
    }
    const variables = { text: '', filter: { countries: ['IS'], ratingFrom: 8 }, facets: ['RATING'] }
    const { facets, totalCount } = await search(variables)
    for (const id of rated) await films.seed.remove(id)
    expect(totalCount).toBe(2)
    expect(facets[0]!.buckets.map(({ value, count }) => [value, count])).toEqual([
      ['7', 2],
      ['10', 1],
      ['8', 1],
    ])
  })

  it.each([
    ['a typo', 'generl', 'general'],
    ['the wrong keyboard layout', 'путукфд', 'general'],
    ['the other script', 'sherlok mladshiy', 'шерлок младший'],
    ['nothing else than was typed', 'general', null],
    ['nothing that was found', 'qqqqzzzz', null],
  ])('says what it read for %s', async (_, text, didYouMean) => {
    expect((await search({ text })).didYouMean).toBe(didYouMean)
  })

  it('finds a phrase only where it stands together', async () => {
    expect(slugs(await search({ text: '"general store"' }))).toEqual(['the-wind'])
    expect(slugs(await search({ text: '"store general"' }))).toEqual([])
  })

  it('asks the index for counts and facets only when they are selected', async () => {
    const editor = asUser({ permissions: ['films:read-hidden'] })
    const statements = (selection: string) =>
      films.countStatements(() =>
        execute(films.subgraph, {
          query: `{ searchFilms(text: "") { ${selection} } }`,
          as: editor,
        }),
      )
    const plain = await statements('edges { cursor }')
    expect(await statements('edges { cursor } totalCount')).toBe(plain + 1)
    expect(await statements('edges { cursor } facets { name }')).toBe(plain + 1)
  })

  it('refuses a text that is too long', async () => {
    const variables = { text: 'x'.repeat(201) }
    const error = expectError(await execute(films.subgraph, { query: SEARCH, variables }))
    expect(error).toMatchObject({
      message: 'text: must have at most 200 characters',
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })
})

describe('suggest', () => {
  const SUGGEST = /* GraphQL */ `
    query ($prefix: String!, $limit: Int! = 8, $language: Language! = EN) {
      suggest(prefix: $prefix, limit: $limit, language: $language) {
        kind
        text
        entity {
          __typename
          ... on Film {
            id
            slug
          }
          ... on Person {
            id
          }
          ... on Genre {
            id
          }
        }
      }
    }
  `
  const ask = (variables: Variables) => execute(films.subgraph, { query: SUGGEST, variables })
  const suggest = async (variables: Variables) => expectData(await ask(variables))['suggest']

  it('completes films, persons and genres, each with what it leads to', async () => {
    expect(await suggest({ prefix: 'gen' })).toEqual([
      {
        kind: 'FILM',
        text: 'The General',
        entity: { __typename: 'Film', id: general, slug: 'the-general' },
      },
    ])
    expect(await suggest({ prefix: 'Кит', language: 'RU' })).toEqual([
      { kind: 'PERSON', text: 'Бастер Китон', entity: { __typename: 'Person', id: keaton } },
    ])
    expect(await suggest({ prefix: 'com' })).toEqual([
      { kind: 'GENRE', text: 'Comedy', entity: { __typename: 'Genre', id: comedy } },
    ])
  })

  it('leaves out a film that has just gone', async () => {
    const id = await films.seed.film({ title: { en: 'Zvenigora' } })
    await films.postgres.prisma.film.delete({ where: { id } })
    expect(await suggest({ prefix: 'zven' })).toEqual([])
  })

  it('suggests nothing for blanks', async () => {
    expect(await suggest({ prefix: ' ' })).toEqual([])
  })

  it.each([
    [{ prefix: 'x'.repeat(101) }, 'prefix: must have at most 100 characters'],
    [{ prefix: 'a', limit: 0 }, 'limit: must be between 1 and 20'],
    [{ prefix: 'a', limit: 21 }, 'limit: must be between 1 and 20'],
  ])('refuses %o', async (variables, message) => {
    expect(expectError(await ask(variables))).toMatchObject({
      message,
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })
})
