import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Viewer } from '@cinegraph/kit/identity'
import { type ExecuteResult, execute, expectData } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import type { Films } from './films.js'

/** With what the built-in role `editor` permits. */
export const editor = asUser({
  roles: ['editor'],
  permissions: ['films:write', 'films:read-hidden'],
})

const FILM = /* GraphQL */ `
  fragment Edited on Film {
    __typename
    id
    slug
    type
    translations {
      language
      title
      description
      tagline
    }
    originalTitle
    originalLanguage
    releaseDate
    releaseYear
    runtimeMinutes
    ageRating
    countries
    externalRating
    creditsStartSec
    trailerUrl
    requiredRole
    hiddenWithoutRole
    externalIds {
      source
      value
    }
    status
    publishAt
    version
    seasons {
      number
      releaseDate
      translations {
        language
        title
        description
      }
      episodes {
        id
        number
        releaseDate
        runtimeMinutes
        creditsStartSec
        translations {
          language
          title
          description
        }
      }
    }
  }
`

const RESULT = `{ __typename ...Edited ... on FilmConflict { message current { ...Edited } } }`

/** Each mutation of one film, with the arguments that it takes besides `id` and `version`. */
const MUTATIONS: Readonly<Record<string, string>> = {
  createFilm: `mutation ($input: CreateFilmInput!) { result: createFilm(input: $input) { ...Edited } }`,
  updateFilm: `mutation ($id: ID!, $version: Int!, $input: UpdateFilmInput!) {
    result: updateFilm(id: $id, version: $version, input: $input) ${RESULT}
  }`,
  scheduleFilm: `mutation ($id: ID!, $version: Int!, $publishAt: DateTime!) {
    result: scheduleFilm(id: $id, version: $version, publishAt: $publishAt) ${RESULT}
  }`,
  saveSeason: `mutation ($id: ID!, $version: Int!, $season: SeasonInput!) {
    result: saveSeason(filmId: $id, version: $version, season: $season) ${RESULT}
  }`,
  deleteSeason: `mutation ($id: ID!, $version: Int!, $number: Int!) {
    result: deleteSeason(filmId: $id, version: $version, number: $number) ${RESULT}
  }`,
}
const MOVES = ['publishFilm', 'unpublishFilm', 'archiveFilm', 'restoreFilm', 'deleteFilm'] as const
const moving = (mutation: string) =>
  `mutation ($id: ID!, $version: Int!) { result: ${mutation}(id: $id, version: $version) ${RESULT} }`

export type FilmMutation =
  | 'createFilm'
  | 'updateFilm'
  | 'scheduleFilm'
  | 'saveSeason'
  | 'deleteSeason'
  | (typeof MOVES)[number]
export const FILM_MUTATIONS = [...Object.keys(MUTATIONS), ...MOVES] as FilmMutation[]

export interface EditedText {
  readonly language: string
  readonly title: string
  readonly description: string | null
  readonly tagline?: string | null
}

export interface EditedFilm {
  readonly __typename: 'Film'
  readonly id: string
  readonly version: number
  readonly status: string
  readonly slug: string
  readonly translations: readonly EditedText[]
  readonly seasons: readonly {
    number: number
    releaseDate: string | null
    translations: readonly EditedText[]
    episodes: readonly { id: string; number: number; translations: readonly EditedText[] }[]
  }[]
  readonly [field: string]: unknown
}

export type EditResult =
  EditedFilm | { __typename: 'FilmConflict'; message: string; current: EditedFilm }

export type Variables = Readonly<Record<string, unknown>>

/** The least that a film is made of. */
export const NEW_FILM = {
  type: 'MOVIE',
  originalLanguage: 'de',
  ageRating: 12,
  translations: { en: { title: 'Metropolis' } },
}

/** An editor of the films of one subgraph. */
export function editing({ postgres, ...films }: Pick<Films, 'subgraph' | 'postgres'>) {
  const mutate = (
    mutation: FilmMutation,
    variables: Variables,
    { as = editor, subgraph = films.subgraph }: { as?: Viewer; subgraph?: Subgraph } = {},
  ): Promise<ExecuteResult<{ result: EditResult }>> =>
    execute(subgraph, {
      query: `${MUTATIONS[mutation] ?? moving(mutation)} ${FILM}`,
      variables,
      as,
    })

  /** The film after an edit; throws for a conflict and an error. */
  async function edit(mutation: FilmMutation, variables: Variables): Promise<EditedFilm> {
    const { result } = expectData(await mutate(mutation, variables))
    if (result.__typename === 'Film') return result
    throw new Error(`${mutation} ended in a conflict: ${JSON.stringify(result)}`)
  }

  return {
    mutate,
    edit,
    create: (input: Variables = {}) => edit('createFilm', { input: { ...NEW_FILM, ...input } }),
    /** A film as the editor sees it. */
    async read(id: string, as: Viewer = editor): Promise<EditedFilm | null> {
      const query = `query ($id: ID!) { film(id: $id) { ...Edited } } ${FILM}`
      const answer = await execute<{ film: EditedFilm | null }>(films.subgraph, {
        query,
        variables: { id },
        as,
      })
      return expectData(answer).film
    },
    /** What was written of edits of a film, in order: the audit and the events that were announced. */
    async traces(id: string) {
      const audit = await postgres.prisma.filmAudit.findMany({
        where: { filmId: id },
        orderBy: { version: 'asc' },
      })
      const { rows } = await postgres.pool.query<{ value: string }>(
        'SELECT value FROM platform.outbox WHERE key = $1 ORDER BY id',
        [id],
      )
      return { audit, events: rows.map(({ value }) => JSON.parse(value) as unknown) }
    },
  }
}

export type Editing = ReturnType<typeof editing>
