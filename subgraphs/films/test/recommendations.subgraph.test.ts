import { randomUUID } from 'node:crypto'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import type { Viewer } from '@cinegraph/kit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

const LIST = /* GraphQL */ `
  fragment list on RecommendationConnection {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        id
      }
      reasons(first: 10) {
        kind
        film {
          id
        }
        persons {
          id
        }
        genres {
          id
        }
        genreCount
        text
        russian: text(language: RU)
      }
    }
  }
`
const SIMILAR = /* GraphQL */ `
  ${LIST}
  query ($id: ID!, $first: Int! = 20, $after: String) {
    film(id: $id) {
      list: similar(first: $first, after: $after) {
        ...list
      }
    }
  }
`
const RECOMMENDED = /* GraphQL */ `
  ${LIST}
  query ($basedOn: [ID!], $first: Int! = 20, $after: String) {
    list: recommendedFilms(basedOn: $basedOn, first: $first, after: $after) {
      ...list
    }
  }
`

interface Reason {
  kind: string
  film: { id: string } | null
  persons: { id: string }[]
  genres: { id: string }[]
  genreCount: number | null
  text: string
  russian: string
}
interface List {
  totalCount: number
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  edges: { node: { id: string }; reasons: Reason[] }[]
}
type Variables = Readonly<Record<string, unknown>>

let films: Films
const id = { lang: '', harbou: '', noir: '', drama: '' }
const film = { metropolis: '', moon: '', scarlet: '', drama: '', draft: '', unrated: '' }

beforeAll(async () => {
  films = await openFilms()
  const { seed } = films
  const [lang, harbou] = [
    await seed.person({ en: 'Fritz Lang' }),
    await seed.person({ en: 'Thea' }),
  ]
  const noir = await seed.genre('noir', { en: 'Noir' })
  const drama = await seed.genre('drama', { en: 'Drama' })
  Object.assign(id, { lang: lang.id, harbou: harbou.id, noir: noir.id, drama: drama.id })
  const direct = { person: lang, role: 'DIRECTOR' as const }
  const write = { person: harbou, role: 'WRITER' as const }
  film.metropolis = await seed.film({
    title: { en: 'Metropolis', ru: 'Метрополис' },
    ...{ externalRating: 9, genres: [noir, drama], credits: [direct, write] },
  })
  film.moon = await seed.film({ externalRating: 7, genres: [noir], credits: [direct, write] })
  film.scarlet = await seed.film({ externalRating: 8, genres: [noir, drama], credits: [direct] })
  film.drama = await seed.film({ externalRating: 8.5, genres: [drama] })
  film.unrated = await seed.film({ genres: [] })
  film.draft = await seed.film({
    ...{ status: 'DRAFT', externalRating: 10, genres: [noir, drama], credits: [direct, write] },
  })
})

const ask = async (query: string, variables: Variables, as: Viewer = ANONYMOUS) =>
  execute<{ list: List; film: { list: List } | null }>(films.subgraph, { query, variables, as })
const similar = async (variables: Variables, as?: Viewer) =>
  expectData(await ask(SIMILAR, variables, as)).film!.list
const recommended = async (variables: Variables = {}, as?: Viewer) =>
  expectData(await ask(RECOMMENDED, variables, as)).list
const idsOf = ({ edges }: List) => edges.map(({ node }) => node.id)
const editor = asUser({ permissions: ['films:read-hidden'] })

describe('Film.similar', () => {
  it('gives the films like it, best first, with reasons to show', async () => {
    const list = await similar({ id: film.metropolis })
    expect(idsOf(list)).toEqual([film.moon, film.scarlet, film.drama])
    expect(list.totalCount).toBe(3)
    const [moon] = list.edges
    expect(moon!.reasons).toHaveLength(3)
    expect(moon!.reasons[0]).toEqual({
      ...{ kind: 'SAME_DIRECTOR', film: null, persons: [{ id: id.lang }], genres: [] },
      ...{ genreCount: null, text: 'Same director', russian: 'Тот же режиссёр' },
    })
    expect(moon!.reasons).toContainEqual({
      ...{ kind: 'SHARED_GENRES', film: null, persons: [], genres: [{ id: id.noir }] },
      ...{ genreCount: 2, text: 'Shares 1 of 2 genres', russian: '1 общий жанр из 2' },
    })
  })

  it('knows hidden films for those alone who see them', async () => {
    expect(idsOf(await similar({ id: film.metropolis }, editor))[0]).toBe(film.draft)
    expect(expectData(await ask(SIMILAR, { id: film.draft })).film).toBeNull()
    expect(idsOf(await similar({ id: film.unrated }))).toEqual([])
  })

  it('is paged', async () => {
    const first = await similar({ id: film.metropolis, first: 2 })
    expect(first.pageInfo.hasNextPage).toBe(true)
    const after = first.pageInfo.endCursor
    const second = await similar({ id: film.metropolis, first: 2, after })
    expect(idsOf(second)).toEqual([film.drama])
    expect(second).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false } })
    const refused = await ask(SIMILAR, { id: film.drama, after })
    expect(expectError(refused).extensions.code).toBe('BAD_USER_INPUT')
  })

  it.each([
    [{ first: 0 }, 'first: must be between 1 and 100'],
    [{ first: 101 }, 'first: must be between 1 and 100'],
    [{ after: 'made up' }, 'after: is not a cursor of this list'],
  ])('refuses %j', async (variables, message) => {
    const error = expectError(await ask(SIMILAR, { id: film.metropolis, ...variables }))
    expect(error).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('takes as many statements for many as for few', async () => {
    const statements = (first: number) =>
      films.countStatements(() => similar({ id: film.metropolis, first }, editor))
    const few = await statements(1)
    expect(await statements(4)).toBe(few)
    expect(few).toBeLessThanOrEqual(7)
  })

  it('leaves out a film that was hidden a moment ago, which the index still has', async () => {
    const gone = await films.seed.film({ genres: [{ id: id.noir, name: { en: 'Noir' } }] })
    const { prisma } = films.postgres
    await prisma.film.update({ where: { id: gone }, data: { status: 'ARCHIVED' } })
    const subgraph = await films.openUncached()
    const query = { query: SIMILAR, variables: { id: film.moon } }
    const body = (await execute(subgraph, query)).body
    expect(body).toContain(film.scarlet)
    expect(body).not.toContain(gone)
    await films.seed.remove(gone)
  })
})

describe('Query.recommendedFilms', () => {
  it('gives what is like the films that it is based on, none of them, and because of which', async () => {
    const list = await recommended({ basedOn: [film.drama, film.moon] })
    expect(idsOf(list)).toEqual([film.metropolis, film.scarlet])
    const [best] = list.edges
    expect(best!.reasons.map(({ film: because }) => because!.id)).toEqual([
      ...[film.moon, film.moon, film.moon, film.drama],
    ])
    expect(best!.reasons.at(-1)).toMatchObject({ kind: 'SHARED_GENRES', genreCount: 1 })
    const because = (await recommended({ basedOn: [film.metropolis] })).edges[0]!.reasons[0]!
    expect(because).toMatchObject({
      text: 'Same director as “Metropolis”',
      russian: 'Тот же режиссёр, что у фильма «Метрополис»',
    })
  })

  it.each([
    ['absent', () => ({})],
    ['null', () => ({ basedOn: null })],
    ['empty', () => ({ basedOn: [] })],
    ['of no film', () => ({ basedOn: [randomUUID(), 'no id at all'] })],
    ['of films that the viewer may not see', () => ({ basedOn: [film.draft] })],
    ['of a film that nothing is like', () => ({ basedOn: [film.unrated] })],
  ])('gives the films rated best when basedOn is %s', async (_, variables) => {
    const list = await recommended(variables())
    const rated = [film.metropolis, film.drama, film.scarlet, film.moon]
    expect(idsOf(list)).toEqual(rated)
    expect(list.totalCount).toBe(4)
    for (const { reasons } of list.edges) {
      expect(reasons).toMatchObject([
        { kind: 'BEST_RATED', film: null, text: 'Among the highest rated' },
      ])
    }
    const first = await recommended({ ...variables(), first: 3 })
    const { endCursor: after } = first.pageInfo
    expect(idsOf(await recommended({ ...variables(), first: 3, after }))).toEqual([film.moon])
  })

  it('answers the same with a hidden film among the seeds as with none that there is', async () => {
    const withSeed = async (seed: string) => {
      const { edges, totalCount } = await recommended({ basedOn: [film.moon, seed] })
      return { edges, totalCount }
    }
    expect(await withSeed(film.draft)).toEqual(await withSeed(randomUUID()))
    const seen = await recommended({ basedOn: [film.draft] }, editor)
    expect(seen.edges[0]!.reasons[0]).toMatchObject({ film: { id: film.draft } })
  })

  it('takes a film once, however it is written and however often', async () => {
    const twice = [film.moon, film.moon.toUpperCase()]
    expect(await recommended({ basedOn: twice })).toEqual(
      await recommended({ basedOn: [film.moon] }),
    )
  })

  it('refuses more films than it takes, cursors of other lists, and too many reasons', async () => {
    const codes = async (variables: Variables) =>
      expectError(await ask(RECOMMENDED, variables)).message
    const many = Array.from({ length: 21 }, () => randomUUID())
    expect(await codes({ basedOn: many })).toBe('basedOn: must have at most 20 items')

    const { endCursor: like } = (await recommended({ basedOn: [film.moon], first: 1 })).pageInfo
    for (const variables of [
      { after: like },
      { basedOn: [film.drama], after: like },
      { after: 'rated.x' },
      { after: 'rated' },
      { after: 'x.y' },
    ]) {
      expect(await codes(variables)).toMatch(/^after: /)
    }
    const query = '{ recommendedFilms { edges { reasons(first: 11) { kind } } } }'
    const answer = await execute(films.subgraph, { query })
    expect(answer.errors![0]).toMatchObject({ message: 'first: must be between 1 and 10' })
  })
})

describe('hidden recommendations', () => {
  const HIDE = 'mutation ($id: ID!) { done: hideRecommendation(filmId: $id) }'
  const UNHIDE = 'mutation ($id: ID!) { done: unhideRecommendation(filmId: $id) }'
  const HIDDEN = /* GraphQL */ `
    query ($first: Int! = 20, $after: String) {
      list: hiddenRecommendations(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
          }
        }
      }
    }
  `
  const send = (query: string, as: Viewer, given: string) =>
    execute<{ done: string }>(films.subgraph, { query, as, variables: { id: given } })
  const hide = async (as: Viewer, given: string) => expectData(await send(HIDE, as, given)).done
  const unhide = async (as: Viewer, given: string) => expectData(await send(UNHIDE, as, given)).done
  const hidden = async (as: Viewer, variables: Variables = {}) =>
    expectData(await ask(HIDDEN, variables, as)).list

  it('keep a film out of the viewer’s recommendations, of both kinds, until they are shown again', async () => {
    const viewer = asUser()
    expect(await hide(viewer, film.metropolis.toUpperCase())).toBe(film.metropolis)
    expect(await hide(viewer, film.metropolis)).toBe(film.metropolis)
    expect(idsOf(await hidden(viewer))).toEqual([film.metropolis])
    const basedOn = [film.moon]
    for (const [variables, others] of [
      [{ basedOn }, [film.scarlet]],
      [{}, [film.drama, film.scarlet, film.moon]],
    ] as const) {
      const list = await recommended(variables, viewer)
      expect(idsOf(list)).toEqual(others)
      expect(list.totalCount).toBe(others.length)
    }
    for (const other of [ANONYMOUS, asUser()]) {
      expect(idsOf(await recommended({ basedOn }, other))).toContain(film.metropolis)
    }
    expect(idsOf(await similar({ id: film.moon }, viewer))).toContain(film.metropolis)

    expect(await unhide(viewer, film.metropolis)).toBe(film.metropolis)
    expect(await unhide(viewer, film.metropolis)).toBe(film.metropolis)
    expect(idsOf(await hidden(viewer))).toEqual([])
    expect(idsOf(await recommended({ basedOn }, viewer))).toContain(film.metropolis)
  })

  it('are listed with the last one first, in pages', async () => {
    const viewer = asUser()
    for (const it of [film.moon, film.drama, film.scarlet]) await hide(viewer, it)
    const first = await hidden(viewer, { first: 2 })
    expect(idsOf(first)).toEqual([film.scarlet, film.drama])
    expect(first.totalCount).toBe(3)
    await unhide(viewer, film.drama)
    const second = await hidden(viewer, { first: 2, after: first.pageInfo.endCursor })
    expect(idsOf(second)).toEqual([film.moon])
    expect(second.pageInfo.hasNextPage).toBe(false)
    const wrong = await ask(HIDDEN, { after: 'made up' }, viewer)
    expect(expectError(wrong).extensions.code).toBe('BAD_USER_INPUT')
  })

  it('are of films that the viewer sees', async () => {
    const viewer = asUser()
    const answers = [film.draft, randomUUID(), 'no id'].map((it) => send(HIDE, viewer, it))
    for (const answer of await Promise.all(answers)) {
      const error = expectError(answer)
      expect(error).toMatchObject({ message: 'filmId: there is no such film' })
      expect(error.extensions.code).toBe('NOT_FOUND')
    }
    await hide(viewer, film.moon)
    const { prisma } = films.postgres
    await prisma.hiddenRecommendation.create({ data: { userId: idOf(viewer), filmId: film.draft } })
    const list = await hidden(viewer)
    expect({ ids: idsOf(list), count: list.totalCount }).toEqual({ ids: [film.moon], count: 1 })
    expect(await unhide(viewer, film.draft)).toBe(film.draft)
    expect(await unhide(viewer, 'no id')).toBe('no id')
  })

  it('are for those who are logged in', async () => {
    for (const query of [HIDE, UNHIDE]) {
      const error = expectError(await send(query, ANONYMOUS, film.moon))
      expect(error.extensions.code).toBe('UNAUTHENTICATED')
    }
    expect(expectError(await ask(HIDDEN, {})).extensions.code).toBe('UNAUTHENTICATED')
  })

  it('are a thousand for each person at most, whatever comes at once', async () => {
    const viewer = asUser()
    const { pool, prisma } = films.postgres
    await pool.query(
      `WITH made AS (
        INSERT INTO films.film (id, slug, type, status, original_title, original_language, age_rating, updated_at)
        SELECT gen_random_uuid(), 'many-' || number, 'MOVIE', 'DRAFT', 'x', 'en', 0, now()
        FROM generate_series(1, 998) AS number RETURNING id
      ) INSERT INTO films.hidden_recommendation SELECT $1, id FROM made`,
      [idOf(viewer)],
    )
    const given = [film.moon, film.drama, film.scarlet, film.metropolis]
    const answers = await Promise.all(given.map((it) => send(HIDE, viewer, it)))
    const refused = answers.flatMap(({ errors = [] }) => errors)
    expect(refused).toHaveLength(2)
    for (const error of refused) {
      expect(error.message).toMatch(/^filmId: you have hidden 1000 films, which is the most/)
      expect(error.extensions.code).toBe('CONFLICT')
    }
    const where = { userId: idOf(viewer) }
    expect(await prisma.hiddenRecommendation.count({ where })).toBe(1_000)
    const already = idsOf(await hidden(viewer))[0]!
    expect(await hide(viewer, already)).toBe(already)
    const lists = [
      await recommended({}, viewer),
      await recommended({ basedOn: [film.moon] }, viewer),
    ]
    expect(lists.flatMap(idsOf)).not.toContain(already)
  })
})

const idOf = (viewer: Viewer) => (viewer.kind === 'user' ? viewer.id : '')
