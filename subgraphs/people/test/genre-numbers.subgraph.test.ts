import { randomUUID } from 'node:crypto'
import type { FilmDocument } from '@cinegraph/engines/search/search-index'
import type { Viewer } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

const QUERY = `query ($sort: GenreSort! = FILM_COUNT, $language: Language! = EN, $first: Int! = 20, $after: String) {
  genres(sort: $sort, language: $language, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { slug } }
  }
}`
interface GenresAnswer {
  genres: {
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    edges: { node: { slug: string } }[]
  }
}
type Variables = Readonly<Record<string, unknown>>

const subscriber = asUser({ roles: ['subscriber'] })
const editor = asUser({ roles: ['editor'], permissions: ['films:read-hidden'] })

describe('genres by the number of films', () => {
  let people: People
  const ids = new Map<string, string>()
  const film = (audience: string, ...slugs: string[]): FilmDocument => ({
    ...{ id: randomUUID(), version: 1, audience, status: 'PUBLISHED', type: 'MOVIE' },
    ...{ title: {}, originalTitle: 'Film', description: {}, releaseDate: null, releaseYear: null },
    ...{ ageRating: 0, countries: [], externalRating: null, seasons: null, credits: [] },
    genres: slugs.map((slug) => ({ id: ids.get(slug)!, name: {} })),
  })

  beforeAll(async () => {
    people = await openPeople()
    for (const [en, ru] of [
      ['Animation', 'Мультфильм'],
      ['Comedy', 'Комедия'],
      ['Drama', 'Драма'],
      ['War', 'Военный'],
    ] as const) {
      const slug = en.toLowerCase()
      ids.set(slug, await people.seed.genre({ slug, name: { en, ru } }))
    }
    await people.search.upsert('film', [
      film('everyone', 'drama', 'war'),
      film('everyone', 'drama'),
      film('role:subscriber', 'comedy'),
      film('role:subscriber', 'comedy', 'war'),
      film('role:subscriber', 'comedy'),
      ...Array.from({ length: 5 }, () => film('editors', 'animation')),
    ])
  })

  const ask = (variables: Variables, as: Viewer) =>
    execute<GenresAnswer>(people.subgraph, { query: QUERY, variables, as })
  const list = async (variables: Variables = {}, as: Viewer = ANONYMOUS) =>
    expectData(await ask(variables, as)).genres
  const slugs = ({ edges }: GenresAnswer['genres']) => edges.map(({ node }) => node.slug)

  it.each<[string, Viewer, string[]]>([
    ['everyone', ANONYMOUS, ['drama', 'war', 'animation', 'comedy']],
    ['a subscriber', subscriber, ['comedy', 'drama', 'war', 'animation']],
    ['an editor', editor, ['animation', 'comedy', 'drama', 'war']],
  ])('count those that %s may see, equals by name', async (_, as, expected) => {
    expect(slugs(await list({}, as))).toEqual(expected)
  })

  it('are equals by name in the language', async () => {
    expect(slugs(await list({ language: 'RU' }))).toEqual(['drama', 'war', 'comedy', 'animation'])
  })

  it('are paged', async () => {
    const seen: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const page: GenresAnswer['genres'] = await list({ first: 1, after })
      seen.push(...slugs(page))
      more = page.pageInfo.hasNextPage
      after = page.pageInfo.endCursor
    }
    expect(seen).toEqual(slugs(await list()))
  })

  it('refuse a cursor of the other order', async () => {
    const { endCursor: after } = (await list({ first: 1 })).pageInfo
    const { extensions } = expectError(await ask({ sort: 'NAME', after }, ANONYMOUS))
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['after'] })
  })
})
