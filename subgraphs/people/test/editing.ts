import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import type { People } from './people.js'

export interface PersonState {
  id: string
  slug: string
  version: number
  name: string
}
export interface Conflict<T> {
  message: string
  current: T
}
export interface LinksState {
  version: number
  film: { id: string }
  genreIds: string[]
  credits: { id: string; personId: string; role: string; character: string | null }[]
}
export interface CreditInput {
  personId: string
  role: string
  character?: string | null
}
interface LinksInput {
  genreIds?: readonly string[] | null
  credits?: readonly CreditInput[] | null
}
interface Refusal {
  code: string
  argument?: (string | number)[]
  problems?: { argument: (string | number)[] }[]
}
interface Seen {
  id: string
  version: number
}

const ENTITY = 'id slug version name'
const entityResult = (type: string) =>
  `... on ${type} { ${ENTITY} } ... on ${type}Conflict { message current { ${ENTITY} } }`
const LINKS_STATE = 'version film { id } genreIds credits { id personId role character }'
const LINKS = `... on FilmLinks { ${LINKS_STATE} }
  ... on FilmLinksConflict { message current { ${LINKS_STATE} } }`

const CREATE = (type: string) =>
  `mutation ($input: Create${type}Input!) { result: create${type}(input: $input) { ${ENTITY} } }`
const UPDATE = (type: string) => `mutation ($id: ID!, $version: Int!, $input: Update${type}Input!) {
  result: update${type}(id: $id, version: $version, input: $input) { ${entityResult(type)} }
}`
const DELETE = (type: string) => `mutation ($id: ID!, $version: Int!, $force: Boolean! = false) {
  result: delete${type}(id: $id, version: $version, force: $force) { ${entityResult(type)} }
}`
const MERGE = `mutation ($input: MergePersonsInput!) {
  result: mergePersons(input: $input) { ${entityResult('Person')} }
}`
const SET_LINKS = `mutation ($filmId: ID!, $version: Int!, $input: FilmLinksInput!) {
  result: setFilmLinks(filmId: $filmId, version: $version, input: $input) { ${LINKS} }
}`
const HISTORY = `query ($id: ID!, $type: String!, $first: Int! = 20, $after: String) {
  _entities(representations: [{ __typename: $type, id: $id, visible: true }]) {
    ... on Person { history(first: $first, after: $after) { ...page } }
    ... on Genre { history(first: $first, after: $after) { ...page } }
    ... on Film { history: linksHistory(first: $first, after: $after) { ...page } }
  }
}
fragment page on AuditEntryConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  edges { node { version action by { id } changes { field before after } } }
}`

export interface Entry {
  version: number
  action: string
  by: { id: string } | null
  changes: { field: string; before: string | null; after: string | null }[]
}
interface HistoryPage {
  totalCount: number
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  edges: { node: Entry }[]
}

export const editor = asUser({ permissions: ['people:write', 'films:write'] })
export const STRANGERS: readonly [string, Viewer, string][] = [
  ['anonymous', ANONYMOUS, 'UNAUTHENTICATED'],
  ['without permission', asUser(), 'FORBIDDEN'],
  ['who may edit films alone', asUser({ permissions: ['films:write'] }), 'FORBIDDEN'],
]

/** An input that gives a name in English, and nothing else. */
export const named = (name: string) => ({ translations: { en: { name } } })

type Variables = Readonly<Record<string, unknown>>

/** What an editor does, and what comes of it. */
export function editingOf(people: People, as: Viewer = editor) {
  const { subgraph, postgres } = people
  const { prisma } = postgres
  /** A mutation, by what is expected of it. */
  const mutation = <V extends object, T>(query: string) => {
    const sent = (given: V) => {
      const variables = given as unknown as Variables
      return execute<{ result: T }>(subgraph, { query, variables, as })
    }
    return {
      done: async (variables: V) => expectData(await sent(variables)).result,
      refused: async (variables: V) => {
        const { message, extensions } = expectError(await sent(variables))
        const { code, argument, problems } = extensions as Refusal
        return { message, code, argument, problems }
      },
      /** The code of the error, if there is one. */
      tried: async (variables: V) => (await sent(variables)).errors?.[0]?.extensions.code,
    }
  }
  type Edited<T> = T & Partial<Conflict<T>>

  return {
    createPerson: mutation<{ input: object }, PersonState>(CREATE('Person')),
    updatePerson: mutation<Seen & { input: object }, Edited<PersonState>>(UPDATE('Person')),
    deletePerson: mutation<Seen & { force?: boolean }, Edited<PersonState>>(DELETE('Person')),
    mergePersons: mutation<
      { input: Seen & { mergedId: string; mergedVersion: number } },
      Edited<PersonState>
    >(MERGE),
    createGenre: mutation<{ input: object }, PersonState>(CREATE('Genre')),
    updateGenre: mutation<Seen & { input: object }, Edited<PersonState>>(UPDATE('Genre')),
    deleteGenre: mutation<Seen & { force?: boolean }, Edited<PersonState>>(DELETE('Genre')),
    setFilmLinks: mutation<
      { filmId: string; version: number; input: LinksInput },
      Edited<LinksState>
    >(SET_LINKS),

    async history(type: 'Person' | 'Genre' | 'Film', id: string, args: Variables = {}) {
      const variables = { type, id, ...args }
      const answer = await execute<{ _entities: [{ history: HistoryPage }] }>(subgraph, {
        ...{ query: HISTORY, variables, as },
      })
      return expectData(answer)._entities[0].history
    },

    /** What was announced since this was called last, in its order. */
    async announced(): Promise<Record<string, unknown>[]> {
      const rows = await prisma.outboxRow.findMany({ orderBy: { id: 'asc' } })
      await prisma.outboxRow.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } })
      return rows.map(({ headers, value }) => {
        const { event } = headers as { event: string }
        return { event, ...(JSON.parse(value) as object) }
      })
    },

    creditsOf: (filmId: string) =>
      prisma.credit.findMany({
        where: { filmId },
        orderBy: { billingOrder: 'asc' },
        select: { id: true, personId: true, role: true, character: true },
      }),

    async genresOf(filmId: string): Promise<string[]> {
      const rows = await prisma.filmGenre.findMany({ where: { filmId }, orderBy: { order: 'asc' } })
      return rows.map(({ genreId }) => genreId)
    },
  }
}
