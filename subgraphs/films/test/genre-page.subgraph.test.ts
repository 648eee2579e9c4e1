import { execute, expectData } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

const QUERY = `query ($of: [_Any!]!, $sort: FilmSort, $language: Language! = EN, $first: Int! = 20, $after: String) {
  _entities(representations: $of) {
    ... on Genre {
      filmCount
      films(sort: $sort, language: $language, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { slug } }
      }
    }
  }
}`
interface GenrePage {
  filmCount: number
  films: {
    totalCount: number
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    edges: { node: { slug: string } }[]
  }
}
type Variables = Readonly<Record<string, unknown>>

// reads past the cache, so that statements are counted
const editor = asUser({ roles: ['editor'], permissions: ['films:read-hidden'] })

describe('the page of a genre', () => {
  let films: Films
  let genres: string[]
  beforeAll(async () => {
    films = await openFilms()
    const { seed } = films
    const [noir, comedy] = [
      await seed.genre('noir', { en: 'Noir' }),
      await seed.genre('comedy', { en: 'Comedy' }),
    ]
    genres = [noir.id, comedy.id]
    await seed.film({ slug: 'hidden', status: 'DRAFT', genres: [noir] })
    await seed.film({ slug: 'funny', genres: [comedy] })
    const given: [string, string, string | null, number | null][] = [
      ['laura', 'Лора', '1944-10-11', 7.9],
      ['gilda', 'Гильда', '1946-03-14', null],
      ['detour', 'Объезд', null, 7.3],
    ]
    for (const [slug, ru, releaseDate, externalRating] of given) {
      const title = { en: slug, ru }
      await seed.film({ ...{ slug, title, releaseDate, externalRating }, genres: [noir] })
    }
  })

  async function pages(of: readonly string[], variables: Variables = {}, as = asUser()) {
    const representations = of.map((id) => ({ __typename: 'Genre', id }))
    const answer = await execute<{ _entities: GenrePage[] }>(films.subgraph, {
      ...{ query: QUERY, variables: { of: representations, ...variables }, as },
    })
    return expectData(answer)._entities
  }
  const slugs = ({ films: { edges } }: GenrePage) => edges.map(({ node }) => node.slug)

  it.each<[string, Variables, string[]]>([
    ['newest first', {}, ['gilda', 'laura', 'detour']],
    [
      'oldest first',
      { sort: { field: 'RELEASE_DATE', direction: 'ASC' } },
      ['laura', 'gilda', 'detour'],
    ],
    ['by title', { sort: { field: 'TITLE' } }, ['detour', 'gilda', 'laura']],
    [
      'by title in Russian',
      { sort: { field: 'TITLE' }, language: 'RU' },
      ['gilda', 'laura', 'detour'],
    ],
    [
      'best first',
      { sort: { field: 'EXTERNAL_RATING', direction: 'DESC' } },
      ['laura', 'detour', 'gilda'],
    ],
  ])('lists its visible films %s, those without a value last', async (_, variables, expected) => {
    const [page] = await pages(genres.slice(0, 1), variables)
    expect(slugs(page!)).toEqual(expected)
    expect(page).toMatchObject({ filmCount: 3, films: { totalCount: 3 } })
  })

  it('is shuffled by a seed, page by page', async () => {
    const sort = { field: 'RANDOM', seed: 11 }
    const whole = slugs((await pages(genres.slice(0, 1), { sort }))[0]!)
    const seen: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const [page]: GenrePage[] = await pages(genres.slice(0, 1), { sort, first: 1, after })
      seen.push(...slugs(page!))
      more = page!.films.pageInfo.hasNextPage
      after = page!.films.pageInfo.endCursor
    }
    expect(seen).toEqual(whole)
    expect(whole.toSorted()).toEqual(['detour', 'gilda', 'laura'])
  })

  it('takes the same statements as those of many', async () => {
    const count = (of: readonly string[]) =>
      films.countStatements(async () => {
        for (const { films: page } of await pages(of, {}, editor)) {
          expect(page.totalCount).toBeGreaterThan(0)
        }
      })
    expect(await count(genres)).toBe(await count(genres.slice(0, 1)))
  })
})
