import { randomUUID } from 'node:crypto'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { editing, type Editing, editor, type FilmMutation } from './editors.js'
import { type Films, openFilms } from './films.js'

const YEAR_MS = 365 * 86_400_000
const LATER = new Date(Date.now() + YEAR_MS)
const PUBLISH_AT = { publishAt: LATER.toISOString() }

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms()
  by = editing(films)
})

type Status = 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED'
const seed = (status: Status) =>
  films.seed.film({ status, ...(status === 'SCHEDULED' && { publishAt: LATER }) })
const variablesFor = (mutation: FilmMutation, id: string) => ({
  ...{ id, version: 1 },
  ...(mutation === 'scheduleFilm' && PUBLISH_AT),
})

/** To which status each mutation leads from each; a text is why it does not. */
const MOVES: Readonly<Record<string, Readonly<Record<Status, string>>>> = {
  publishFilm: {
    DRAFT: 'PUBLISHED',
    SCHEDULED: 'PUBLISHED',
    PUBLISHED: 'The film is published already.',
    ARCHIVED: 'The film is archived: restore it first.',
  },
  scheduleFilm: {
    DRAFT: 'SCHEDULED',
    SCHEDULED: 'SCHEDULED',
    PUBLISHED: 'The film is published: unpublish it first.',
    ARCHIVED: 'The film is archived: restore it first.',
  },
  unpublishFilm: {
    DRAFT: 'The film is a draft already.',
    SCHEDULED: 'DRAFT',
    PUBLISHED: 'DRAFT',
    ARCHIVED: 'The film is archived: restore it first.',
  },
  archiveFilm: {
    DRAFT: 'ARCHIVED',
    SCHEDULED: 'ARCHIVED',
    PUBLISHED: 'ARCHIVED',
    ARCHIVED: 'The film is archived already.',
  },
  restoreFilm: {
    DRAFT: 'The film is a draft: only an archived or a deleted one is restored.',
    SCHEDULED: 'The film is scheduled: only an archived or a deleted one is restored.',
    PUBLISHED: 'The film is published: only an archived or a deleted one is restored.',
    ARCHIVED: 'DRAFT',
  },
}
const DONE: Readonly<Record<string, string>> = {
  publishFilm: 'PUBLISHED',
  scheduleFilm: 'SCHEDULED',
  unpublishFilm: 'UNPUBLISHED',
  archiveFilm: 'ARCHIVED',
  restoreFilm: 'RESTORED',
}
const CASES = Object.entries(MOVES).flatMap(([mutation, ends]) =>
  Object.entries(ends).map(([from, end]) => ({ mutation, from, end })),
) as { mutation: FilmMutation; from: Status; end: string }[]

describe('the states of a film', () => {
  it.each(CASES.filter(({ end }) => end in MOVES['publishFilm']!))(
    '$mutation leads from $from to $end',
    async ({ mutation, from, end }) => {
      const id = await seed(from)
      // a time of its own, so that one that is scheduled is scheduled anew
      const publishAt = new Date(LATER.getTime() + 1).toISOString()
      const variables = { ...variablesFor(mutation, id), publishAt }
      const film = await by.edit(mutation, variables)
      expect(film).toMatchObject({
        status: end,
        version: 2,
        publishAt: end === 'SCHEDULED' ? publishAt : null,
      })
      const { audit, events } = await by.traces(id)
      const action = DONE[mutation]
      expect(audit).toMatchObject([{ version: 2, action, userId: editor.id }])
      if (from !== end) {
        const change = { field: 'status', before: from, after: end }
        expect(audit[0]!.changes).toContainEqual(change)
      }
      expect(events).toEqual([{ filmId: id, version: 2, change: action }])
    },
  )

  it.each(CASES.filter(({ end }) => !(end in MOVES['publishFilm']!)))(
    '$mutation is refused from $from',
    async ({ mutation, from, end }) => {
      const id = await seed(from)
      const refused = expectError(await by.mutate(mutation, variablesFor(mutation, id)))
      expect(refused).toMatchObject({ message: end, extensions: { code: 'CONFLICT' } })
      expect(await by.read(id)).toMatchObject({ status: from, version: 1 })
      expect(await by.traces(id)).toEqual({ audit: [], events: [] })
    },
  )

  it('are left alone by a schedule for the time that it is scheduled for', async () => {
    const id = await seed('SCHEDULED')
    const film = await by.edit('scheduleFilm', { id, version: 1, ...PUBLISH_AT })
    expect(film).toMatchObject({ status: 'SCHEDULED', version: 1 })
    expect(await by.traces(id)).toEqual({ audit: [], events: [] })
  })

  it.each([
    ['that is past', -1_000, 'publishAt: must be in the future'],
    ['that is years away', 6 * YEAR_MS, 'publishAt: must be within 5 years'],
  ])('do not change for a time %s', async (_, ms, message) => {
    const id = await seed('DRAFT')
    const publishAt = new Date(Date.now() + ms).toISOString()
    const refused = expectError(await by.mutate('scheduleFilm', { id, version: 1, publishAt }))
    expect(refused).toMatchObject({
      message,
      extensions: { code: 'BAD_USER_INPUT', argument: ['publishAt'] },
    })
    expect(await by.traces(id)).toEqual({ audit: [], events: [] })
  })

  it('decide who sees it at once', async () => {
    const id = await seed('DRAFT')
    const seen = async () => (await by.read(id, ANONYMOUS)) !== null
    expect(await seen()).toBe(false)
    await by.edit('publishFilm', { id, version: 1 })
    expect(await seen()).toBe(true)
    await by.edit('archiveFilm', { id, version: 2 })
    expect(await seen()).toBe(false)
  })
})

describe('a film that was deleted', () => {
  const SEEN = /* GraphQL */ `
    query ($id: ID!, $slug: String!, $ref: _Any!) {
      byId: film(id: $id) {
        id
      }
      bySlug: film(slug: $slug) {
        id
      }
      films(first: 100, filter: { countries: ["LU"] }) {
        edges {
          node {
            id
          }
        }
      }
      searchFilms(text: "Vanishing") {
        edges {
          node {
            id
          }
        }
      }
      suggest(prefix: "Vanish") {
        text
      }
      _entities(representations: [$ref]) {
        ... on Film {
          id
        }
      }
    }
  `
  const title = { en: 'Vanishing Lady' }

  it.each([
    ['anyone', ANONYMOUS],
    ['an editor', editor],
  ])('is gone for %s wherever films are, and comes back', async (_, as) => {
    const slug = `vanishing-${randomUUID()}`
    const id = await films.seed.film({ slug, title, countries: ['LU'] })
    const seen = async () => {
      const variables = { id, slug, ref: { __typename: 'Film', id } }
      const answer = await execute(await films.openUncached(), { query: SEEN, variables, as })
      return JSON.stringify(expectData(answer)).split(id).length - 1
    }
    const everywhere = await seen()
    expect(everywhere).toBe(5)
    // the index still has it
    expect(await by.edit('deleteFilm', { id, version: 1 })).toMatchObject({ version: 2 })
    expect(await seen()).toBe(0)
    await by.edit('restoreFilm', { id, version: 2 })
    expect(await seen()).toBe(everywhere)
    const { audit, events } = await by.traces(id)
    expect(audit.map(({ action }) => action)).toEqual(['DELETED', 'RESTORED'])
    expect(events).toMatchObject([{ change: 'DELETED' }, { change: 'RESTORED' }])
  })

  it.each<Status>(['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED'])(
    'comes back %s when it was that',
    async (status) => {
      const id = await seed(status)
      const before = (await by.read(id))!
      await by.edit('deleteFilm', { id, version: 1 })
      const after = await by.edit('restoreFilm', { id, version: 2 })
      expect(after).toEqual({ ...before, version: 3 })
    },
  )

  it.each<[FilmMutation, object]>([
    ['updateFilm', { input: { ageRating: 3 } }],
    ['publishFilm', {}],
    ['deleteFilm', {}],
  ])('is not there for %s', async (mutation, variables) => {
    const id = await seed('DRAFT')
    await by.edit('deleteFilm', { id, version: 1 })
    const answer = await by.mutate(mutation, { id, version: 2, ...variables })
    expect(expectError(answer).extensions.code).toBe('NOT_FOUND')
  })

  it('is found and brought back with films:write alone', async () => {
    const id = await seed('DRAFT')
    await by.edit('deleteFilm', { id, version: 1 })
    const as = asUser({ permissions: ['films:write'] })
    const query = '{ deletedFilms(first: 1) { edges { node { id } } } }'
    const listed = expectData(await execute(films.subgraph, { query, as }))
    expect(listed).toEqual({ deletedFilms: { edges: [{ node: { id } }] } })
    const answer = await by.mutate('restoreFilm', { id, version: 2 }, { as })
    expect(expectData(answer).result).toMatchObject({ status: 'DRAFT', version: 3 })
  })
})

describe('deletedFilms', () => {
  const DELETED = /* GraphQL */ `
    query ($first: Int!, $after: String) {
      deletedFilms(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            title
            visible
            deletedAt
          }
        }
      }
    }
  `
  interface Deleted {
    deletedFilms: {
      totalCount: number
      pageInfo: { hasNextPage: boolean; endCursor: string }
      edges: { node: { id: string; title: string; visible: boolean; deletedAt: string } }[]
    }
  }
  const ask = (variables: object, as = editor) =>
    execute<Deleted>(films.subgraph, { query: DELETED, variables: { ...variables }, as })

  it('are all of them, the latest first, page by page', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count++) {
      const { id } = await by.create()
      await by.edit('deleteFilm', { id, version: 1 })
      ids.unshift(id)
    }
    const found: string[] = []
    const times: string[] = []
    let after: string | undefined
    do {
      const { deletedFilms } = expectData(await ask({ first: 2, after }))
      expect(deletedFilms.totalCount).toBe(
        await films.postgres.prisma.film.count({ where: { audience: 'nobody' } }),
      )
      found.push(...deletedFilms.edges.map(({ node }) => node.id))
      times.push(...deletedFilms.edges.map(({ node }) => node.deletedAt))
      // what other subgraphs add to a film is not shown of one that nobody sees
      expect(deletedFilms.edges.every(({ node }) => !node.visible)).toBe(true)
      after = deletedFilms.pageInfo.hasNextPage ? deletedFilms.pageInfo.endCursor : undefined
    } while (after !== undefined)
    expect(found.slice(0, 5)).toEqual(ids)
    expect(times).toEqual([...times].sort().reverse())
    expect(Math.abs(Date.now() - new Date(times[0]!).getTime())).toBeLessThan(600_000)
    expect(new Set(found).size).toBe(found.length)
  })

  it.each([
    ['anonymous', ANONYMOUS, 'UNAUTHENTICATED'],
    ['a user', asUser(), 'FORBIDDEN'],
    ['who edits no films', asUser({ permissions: ['people:write'] }), 'FORBIDDEN'],
  ])('are not for %s', async (_, as, code) => {
    const answer = await execute(films.subgraph, { query: DELETED, variables: { first: 2 }, as })
    expect(expectError(answer).extensions.code).toBe(code)
  })

  it('refuses a cursor of another list', async () => {
    const answer = await ask({ first: 2, after: 'W10' })
    expect(expectError(answer).message).toBe('after: is not a cursor of this list')
  })
})
