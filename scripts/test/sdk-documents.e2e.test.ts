import * as sdk from '@cinegraph/sdk'
import {
  type FilmCardsFragment,
  FilmCardsFragmentDoc,
  type Language,
  type TypedDocumentNode,
} from '@cinegraph/sdk'
import { concatAST, getOperationAST, OperationTypeNode, parse } from 'graphql'
import { expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

const cinegraph = await startCinegraph()
const client = sdk.createCinegraphClient({ url: `${cinegraph.url}/graphql` })
// more than one page of sessions
for (let times = 0; times < 3; times++) {
  await client.logIn('viewer', cinegraph.secrets.demoPasswords.viewer)
}

const language = 'EN'
const idOf = async (slug: string) =>
  (await client.request(sdk.FilmPageDocument, { slug, language })).film!.id
const chaplin = { slug: 'charlie-chaplin', language } as const
const { person } = await client.request(sdk.PersonPageDocument, { ...chaplin, role: 'ACTOR' })

/** What each query of the SDK is asked, and a part of its answer. */
const QUERIES: Record<string, readonly [variables: object, answer: object]> = {
  FilmPage: [
    { slug: 'metropolis-1927', credits: 1 },
    {
      film: {
        directors: [{ name: 'Fritz Lang' }],
        genres: [{ name: 'Science fiction' }, { name: 'Drama' }],
        credits: { edges: [{ node: { person: {} } }], pageInfo: { hasNextPage: true } },
      },
    },
  ],
  SimilarFilms: [
    { id: await idOf('metropolis-1927'), first: 1 },
    { film: { similar: { edges: [{ reasons: expect.any(Array) as unknown }], pageInfo: {} } } },
  ],
  RecommendedFilms: [
    { basedOn: [await idOf('metropolis-1927')], first: 1 },
    { recommendedFilms: { edges: [{ node: { type: 'MOVIE' } }] } },
  ],
  FilmCredits: [
    { id: await idOf('metropolis-1927'), roles: ['WRITER'] },
    { film: { credits: { edges: [{ node: { person: { name: 'Thea von Harbou' } } }] } } },
  ],
  FilmSeasons: [{ id: await idOf('pioneer-one-2010') }, { film: { seasons: [] } }],
  FilmList: [
    { first: 2, filter: { yearTo: 1930 }, sort: { field: 'EXTERNAL_RATING', direction: 'DESC' } },
    { films: { edges: [{ node: { externalRating: 9.1 } }, {}], pageInfo: { hasNextPage: true } } },
  ],
  SearchPage: [
    { text: 'metropolsi', facets: ['TYPE', 'GENRE'] },
    {
      searchFilms: {
        didYouMean: 'metropolis',
        totalCount: 1,
        edges: [{ node: { title: 'Metropolis' }, highlights: [{ field: 'TITLE' }, {}] }],
        facets: [{ buckets: [{ value: 'MOVIE' }] }, { buckets: [{ genre: {} }, { genre: {} }] }],
      },
    },
  ],
  SearchResults: [
    { text: 'metropolis' },
    { searchFilms: { edges: [{ node: { title: 'Metropolis' } }] } },
  ],
  Suggest: [
    { prefix: 'metrop' },
    { suggest: [{ kind: 'FILM', entity: { __typename: 'Film', slug: 'metropolis-1927' } }] },
  ],
  PersonPage: [
    { ...chaplin, first: 1 },
    {
      person: {
        name: 'Charlie Chaplin',
        filmCount: 3,
        roles: [{ filmCount: 3 }, { filmCount: 3 }, { filmCount: 3 }, { role: 'PRODUCER' }],
        films: {
          edges: [{ node: { title: 'The Gold Rush' }, credits: expect.any(Array) as unknown }],
          pageInfo: { hasNextPage: true },
        },
      },
    },
  ],
  PersonFilms: [
    { id: person!.id, role: 'ACTOR', after: person!.films!.pageInfo.endCursor },
    { person: { films: { edges: [], pageInfo: { hasNextPage: false } } } },
  ],
  PersonList: [
    { text: 'chaplin', first: 1 },
    { persons: { edges: [{ node: { slug: 'charlie-chaplin' } }] } },
  ],
  GenrePage: [
    { slug: 'drama', first: 1 },
    { genre: { name: 'Drama', films: { edges: [{}], pageInfo: { hasNextPage: true } } } },
  ],
  GenreList: [{}, {}],
  Me: [{}, { me: { login: 'viewer' } }],
  MySessions: [{ first: 1 }, { me: { sessions: { edges: [{ node: { current: true } }] } } }],
}

const documents = Object.entries(sdk).flatMap(([name, document]) => {
  if (typeof document !== 'object' || !name.endsWith('Document')) return []
  const query = getOperationAST(document)?.operation === OperationTypeNode.QUERY
  return query ? [[name.replace(/Document$/, ''), document] as const] : []
})

test.each(documents)('%s is answered', async (name, document) => {
  const [variables, answer] = QUERIES[name]!
  const asked = document as TypedDocumentNode<object, object>
  expect(await client.request(asked, { language, ...variables })).toMatchObject(answer)
})

/** What it takes for a list to have three pages of one. */
const LONG: Record<string, object> = {
  FilmCredits: { roles: null },
  FilmList: { filter: null },
  PersonFilms: { after: null },
  PersonList: { text: null },
  SearchResults: { text: 'chaplin' },
}

const paged = documents.filter(([, document]) =>
  getOperationAST(document)?.variableDefinitions?.some((it) => it.variable.name.value === 'after'),
)

test.each(paged)('%s leads from page to page', async (name, document) => {
  const asked = document as TypedDocumentNode<object, object>
  const page = async (asking: { first: number; after?: string | null }) => {
    const variables = { language, ...QUERIES[name]![0], ...LONG[name], ...asking }
    return connectionIn(await client.request(asked, variables))!
  }
  const whole = await page({ first: 3 })
  expect(whole.edges).toHaveLength(3)
  const edges: unknown[] = []
  let after: string | null = null
  for (const _ of whole.edges) {
    const { edges: one, pageInfo } = await page({ first: 1, after })
    edges.push(...one)
    after = pageInfo.endCursor
  }
  expect(edges).toEqual(whole.edges)
})

interface Connection {
  readonly edges: readonly unknown[]
  readonly pageInfo: { readonly endCursor: string | null }
}

/** The first list with pages that there is in an answer. */
function connectionIn(value: unknown): Connection | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('edges' in value && 'pageInfo' in value) return value as unknown as Connection
  for (const part of Object.values(value)) {
    const found = connectionIn(part)
    if (found) return found
  }
  return undefined
}

test('a fragment is a part of an operation of one’s own', async () => {
  const tonight = parse(`
    query Tonight($language: Language!) {
      films(filter: { types: [MOVIE] }, language: $language, first: 6) {
        ...FilmCards
      }
    }
  `)
  const TonightDocument: TypedDocumentNode<
    { films: FilmCardsFragment | null },
    { language: Language }
  > = concatAST([tonight, FilmCardsFragmentDoc])
  const { films } = await client.request(TonightDocument, { language })
  expect(films?.edges.map(({ node }) => node.type)).toEqual(Array(6).fill('MOVIE'))
})
