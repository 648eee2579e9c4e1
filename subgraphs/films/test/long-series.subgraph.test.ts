import { randomUUID } from 'node:crypto'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

let films: Films
beforeAll(async () => {
  films = await openFilms()
})

/** A series of that many seasons with that many episodes each; season 0 comes on top. */
async function series(slug: string, seasons: number, episodes: number): Promise<string> {
  const { prisma } = films.postgres
  const filmId = await films.seed.film({ slug, type: 'TV_SHOW' })
  const rows = Array.from({ length: seasons + 1 }, (_, number) => ({
    ...{ id: randomUUID(), filmId, number },
  }))
  await prisma.season.createMany({ data: rows })
  const all = rows.flatMap(({ id: seasonId }) =>
    Array.from({ length: episodes }, (_, at) => ({ id: randomUUID(), seasonId, number: at + 1 })),
  )
  await prisma.episode.createMany({ data: all })
  await prisma.episodeTranslation.createMany({
    data: all.map(({ id, number }) => ({
      ...{ episodeId: id, language: 'en', title: `Part ${number}` },
    })),
  })
  await films.seed.index(filmId)
  return filmId
}

describe('a series of 30 seasons with 30 episodes each', () => {
  it('is read in the same statements as one of a single episode', async () => {
    const read = async (id: string) => {
      const query = `{ film(id: "${id}") {
        seasons { number episodes { id title next { id } previous { id } film { id } } }
      } }`
      const subgraph = await films.openUncached()
      let seasons: { episodes: { title: string }[] }[] = []
      const statements = await films.countStatements(async () => {
        const answer = await execute<{ film: { seasons: typeof seasons } }>(subgraph, { query })
        seasons = expectData(answer).film.seasons
      })
      const titles = seasons.flatMap(({ episodes }) => episodes.map(({ title }) => title))
      return { statements, seasons: seasons.length, titles }
    }
    const short = await read(await series('short', 0, 1))
    const long = await read(await series('long', 30, 30))
    expect(short).toMatchObject({ seasons: 1, titles: ['Part 1'] })
    expect(long.seasons).toBe(31)
    expect(long.titles).toEqual(
      Array.from({ length: 31 }, () =>
        Array.from({ length: 30 }, (_, at) => `Part ${at + 1}`),
      ).flat(),
    )
    expect(long.statements).toBe(short.statements)
  })
})

describe('the filter by number of seasons', () => {
  const LISTS = `query ($filter: FilmFilter) {
    films(filter: $filter, sort: { field: TITLE }) { edges { node { slug } } }
    searchFilms(text: "", filter: $filter) { totalCount facets(names: [TYPE]) { buckets { value count } } }
  }`
  interface Lists {
    films: { edges: { node: { slug: string } }[] }
    searchFilms: { totalCount: number; facets: { buckets: { value: string; count: number }[] }[] }
  }
  const ask = (filter: object) =>
    execute<Lists>(films.subgraph, { query: LISTS, variables: { filter } })

  beforeAll(async () => {
    for (const count of [1, 2, 5]) await series(`of-${count}`, count, 1)
    await films.seed.film({ slug: 'movie' })
  })

  it.each([
    [{ seasonsFrom: 2, seasonsTo: 5 }, ['of-2', 'of-5']],
    [{ seasonsTo: 1 }, ['of-1', 'short']],
    [{ seasonsFrom: 0, seasonsTo: 0 }, ['short']],
    [{ seasonsFrom: 6, types: ['TV_SHOW'] }, ['long']],
    [{ seasonsFrom: 0, types: ['MOVIE'] }, []],
  ])('of %o counts no specials and leaves out movies', async (filter, expected) => {
    const { films: listed, searchFilms } = expectData(await ask(filter))
    expect(listed.edges.map(({ node }) => node.slug).toSorted()).toEqual(expected)
    expect(searchFilms.totalCount).toBe(expected.length)
  })

  it('is kept by facets', async () => {
    const { searchFilms } = expectData(await ask({ seasonsFrom: 2 }))
    expect(searchFilms.facets).toEqual([{ buckets: [{ value: 'TV_SHOW', count: 3 }] }])
  })

  it.each([
    [{ seasonsFrom: 201 }, 'seasonsFrom', 'must be between 0 and 200'],
    [{ seasonsFrom: 3, seasonsTo: 2 }, 'seasonsTo', 'must not be less than seasonsFrom'],
  ])('of %o is refused', async (filter, field, message) => {
    const { errors } = await ask(filter)
    const told = errors?.map(({ message: text, extensions: { code } }) => `${code} ${text}`)
    const refusal = `BAD_USER_INPUT filter.${field}: ${message}`
    expect(told).toEqual([refusal, refusal])
  })
})
