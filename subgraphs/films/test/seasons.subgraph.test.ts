import { randomUUID } from 'node:crypto'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { type EditedFilm, editing, type Editing } from './editors.js'
import { type Films, openFilms } from './films.js'

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms()
  by = editing(films)
})

const SHOW = { type: 'TV_SHOW', translations: { en: { title: 'Les Vampires' } } }
const text = (title: string) => ({ en: { title } })
const numbered = (...numbers: number[]) => numbers.map((number) => ({ number }))

/** A published series with these seasons of so many episodes each. */
async function show(...seasons: [number: number, episodes: number][]): Promise<EditedFilm> {
  let film = await by.create(SHOW)
  for (const [number, episodes] of seasons) {
    const season = {
      number,
      episodes: numbered(...Array.from({ length: episodes }, (_, i) => i + 1)),
    }
    film = await by.edit('saveSeason', { ...film, season })
  }
  return by.edit('publishFilm', { ...film })
}

const episodesOf = (film: EditedFilm, season: number) =>
  film.seasons.find(({ number }) => number === season)!.episodes

describe('saveSeason', () => {
  it('makes a season with all of its episodes', async () => {
    const film = await by.create(SHOW)
    const season = {
      number: 1,
      releaseDate: '1915-11-13',
      translations: { en: { title: 'The first', description: 'Of ten.' } },
      episodes: [
        {
          number: 1,
          releaseDate: '1915-11-13',
          runtimeMinutes: 33,
          creditsStartSec: 1_900,
          translations: { en: { title: 'The Severed Head' }, ru: { title: 'Отрубленная голова' } },
        },
        { number: 2 },
      ],
    }
    const after = await by.edit('saveSeason', { ...film, season })
    expect(after.version).toBe(2)
    expect(after.seasons).toEqual([
      {
        ...season,
        translations: [{ language: 'EN', title: 'The first', description: 'Of ten.' }],
        episodes: [
          {
            ...season.episodes[0],
            id: expect.any(String) as string,
            translations: [
              { language: 'EN', title: 'The Severed Head', description: null },
              { language: 'RU', title: 'Отрубленная голова', description: null },
            ],
          },
          {
            id: expect.any(String) as string,
            number: 2,
            releaseDate: null,
            runtimeMinutes: null,
            creditsStartSec: null,
            translations: [],
          },
        ],
      },
    ])
    expect((await by.read(film.id))!.seasons).toEqual(after.seasons)
  })

  it('keeps what is not named of an episode, and its id', async () => {
    const film = await by.create(SHOW)
    const save = (version: number, episodes: object[]) =>
      by.edit('saveSeason', { ...film, version, season: { number: 1, episodes } })
    const first = await save(1, [
      { number: 1, runtimeMinutes: 33, creditsStartSec: 1_900, translations: text('One') },
    ])
    const second = await save(2, [
      { number: 1, creditsStartSec: null, translations: { ru: { title: 'Раз' } } },
    ])
    expect(episodesOf(second, 1)).toEqual([
      {
        ...episodesOf(first, 1)[0],
        creditsStartSec: null,
        translations: [
          { language: 'EN', title: 'One', description: null },
          { language: 'RU', title: 'Раз', description: null },
        ],
      },
    ])
  })

  it('gives episodes that are named by id other numbers, and drops those that are not named', async () => {
    const film = await by.create(SHOW)
    const save = (version: number, episodes: object[]) =>
      by.edit('saveSeason', { ...film, version, season: { number: 1, episodes } })
    const titles = ['One', 'Two', 'Three']
    const before = await save(
      1,
      titles.map((title, index) => ({ number: index + 1, translations: text(title) })),
    )
    const [one, two] = episodesOf(before, 1)
    const after = await save(2, [
      { id: one!.id, number: 2 },
      { id: two!.id, number: 1 },
      { number: 4, translations: text('Four') },
    ])
    const told = episodesOf(after, 1).map(({ id, number, translations }) => [
      ...[number, translations[0]!.title],
      id === one!.id ? 'one' : id === two!.id ? 'two' : 'new',
    ])
    expect(told).toEqual([
      [1, 'Two', 'two'],
      [2, 'One', 'one'],
      [4, 'Four', 'new'],
    ])
    // the number of one that has another by now is not it
    const third = await save(3, [{ id: two!.id, number: 3 }, { number: 1 }])
    expect(episodesOf(third, 1)).toMatchObject([
      { number: 1, translations: [] },
      { number: 3, id: two!.id },
    ])
  })

  it('leaves other seasons as they are', async () => {
    const film = await show([1, 2], [2, 2])
    const after = await by.edit('saveSeason', {
      ...film,
      season: { number: 2, translations: text('Second'), episodes: numbered(1) },
    })
    expect(after.seasons[0]).toEqual(film.seasons[0])
    expect(episodesOf(after, 2)).toEqual(episodesOf(film, 2).slice(0, 1))
  })

  it('records what differs, down to the texts of an episode', async () => {
    const film = await by.create(SHOW)
    const season = (episodes: object[]) => ({ number: 1, episodes })
    const saved = await by.edit('saveSeason', {
      ...film,
      season: season([
        { number: 1, translations: text('One') },
        { number: 3, translations: text('Three') },
      ]),
    })
    const [one] = episodesOf(saved, 1)
    await by.edit('saveSeason', {
      ...saved,
      season: season([{ number: 3, runtimeMinutes: 40, translations: text('The Third') }]),
    })
    const { audit, events } = await by.traces(film.id)
    expect(audit[1]!.changes).toContainEqual({
      field: 'seasons.1.episodes.3.title.en',
      before: null,
      after: 'Three',
    })
    expect(audit[2]).toMatchObject({ action: 'EDITED', version: 3 })
    expect(audit[2]!.changes).toEqual([
      { field: 'seasons.1.episodes.1.id', before: one!.id, after: null },
      { field: 'seasons.1.episodes.1.title.en', before: 'One', after: null },
      { field: 'seasons.1.episodes.3.runtimeMinutes', before: null, after: 40 },
      { field: 'seasons.1.episodes.3.title.en', before: 'Three', after: 'The Third' },
    ])
    expect(events[2]).toEqual({ filmId: film.id, version: 3, change: 'EDITED' })
  })

  it('that changes nothing leaves no trace', async () => {
    const film = await show([1, 2])
    const same = await by.edit('saveSeason', {
      ...film,
      season: { number: 1, episodes: numbered(2, 1) },
    })
    expect(same).toEqual(film)
    expect((await by.traces(film.id)).audit.length).toBe(film.version)
  })

  it('is refused for a movie', async () => {
    const film = await by.create()
    const season = { number: 1, episodes: [] }
    const refused = expectError(await by.mutate('saveSeason', { ...film, season }))
    expect(refused).toMatchObject({
      message: 'A movie has no seasons.',
      extensions: { code: 'CONFLICT' },
    })
  })

  it.each<[string, object, string]>([
    ['a number too high', { number: 201 }, 'season.number: must be between 0 and 200'],
    [
      'an episode number too high',
      { episodes: numbered(2001) },
      'season.episodes.0.number: must be between 0 and 2000',
    ],
    ['a number twice', { episodes: numbered(1, 1) }, 'season.episodes: must have each number once'],
    [
      'an id of no episode',
      { episodes: [{ number: 1, id: randomUUID() }] },
      'season.episodes.0.id: is no episode of this season',
    ],
    ['no id', { episodes: [{ number: 1, id: 'x' }] }, 'season.episodes.0.id: must be an id'],
    [
      'a runtime that nobody sits through',
      { episodes: [{ number: 1, runtimeMinutes: 1501 }] },
      'season.episodes.0.runtimeMinutes: must be between 1 and 1500',
    ],
    [
      'credits after the end',
      { episodes: [...numbered(1), { number: 2, runtimeMinutes: 33, creditsStartSec: 1981 }] },
      'season.episodes.1.creditsStartSec: must be within the running time, up to 1980',
    ],
    [
      'a text without a title',
      { episodes: [...numbered(1), { number: 2, translations: { en: { description: 'x' } } }] },
      'season.episodes.1.translations.en: must come with a title in the same language',
    ],
    [
      'a text of its own without a title',
      { translations: { ru: { description: 'x' } } },
      'season.translations.ru: must come with a title in the same language',
    ],
  ])('refuses %s', async (_, given, message) => {
    const film = await by.create(SHOW)
    const season = { number: 1, episodes: [], ...given }
    const refused = expectError(await by.mutate('saveSeason', { ...film, season }))
    expect(refused).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } })
    expect((await by.traces(film.id)).audit.length).toBe(1)
  })

  it('takes no episode of another series', async () => {
    const other = await show([1, 1])
    const film = await by.create(SHOW)
    const episodes = [{ number: 1, id: episodesOf(other, 1)[0]!.id }]
    const answer = await by.mutate('saveSeason', { ...film, season: { number: 1, episodes } })
    expect(expectError(answer).extensions.code).toBe('BAD_USER_INPUT')
  })
})

it('a film has 5000 episodes at most', async () => {
  let film = await by.create(SHOW)
  const save = (number: number, count: number) => {
    const episodes = numbered(...Array.from({ length: count }, (_, index) => index))
    return by.mutate('saveSeason', { ...film, season: { number, episodes } })
  }
  for (const [number, count] of [2_000, 2_000, 1_000].entries()) {
    film = expectData(await save(number, count)).result as EditedFilm
  }
  expect(expectError(await save(2, 1_001))).toMatchObject({
    message: 'season.episodes: the seasons of a film must have at most 5000 episodes together',
    extensions: { code: 'BAD_USER_INPUT', argument: ['season', 'episodes'] },
  })
})

describe('deleteSeason', () => {
  it('deletes a season with its episodes', async () => {
    const film = await show([1, 2], [2, 1])
    const after = await by.edit('deleteSeason', { ...film, number: 1 })
    expect(after).toEqual({
      ...film,
      seasons: film.seasons.slice(1),
      version: film.version + 1,
    })
    const { audit } = await by.traces(film.id)
    expect(audit.at(-1)!.changes).toContainEqual({
      field: 'seasons.1.episodes.2.id',
      before: episodesOf(film, 1)[1]!.id,
      after: null,
    })
  })

  it('says when there is none', async () => {
    const film = await show([1, 1])
    const refused = expectError(await by.mutate('deleteSeason', { ...film, number: 2 }))
    expect(refused).toMatchObject({
      message: 'The film has no such season.',
      extensions: { code: 'NOT_FOUND', argument: ['number'] },
    })
  })
})

const EPISODES = /* GraphQL */ `
  query ($ids: [_Any!]!) {
    _entities(representations: $ids) {
      ... on Episode {
        id
        seasonNumber
        number
        title(language: RU)
        description
        film {
          id
          title
        }
        next {
          seasonNumber
          number
        }
        previous {
          seasonNumber
          number
        }
      }
    }
  }
`
const episodesBy = async (
  ids: readonly string[],
  as = ANONYMOUS as Parameters<typeof execute>[1]['as'],
) => {
  const variables = { ids: ids.map((id) => ({ __typename: 'Episode', id })) }
  const answer = await execute<{ _entities: (Record<string, unknown> | null)[] }>(films.subgraph, {
    query: EPISODES,
    variables,
    as: as!,
  })
  return expectData(answer)._entities
}

describe('a reference to an episode', () => {
  it('leads to it and to its neighbours, over the borders of seasons', async () => {
    const film = await show([0, 2], [1, 2], [2, 0], [3, 1])
    const place = (seasonNumber: number, number: number) => ({ seasonNumber, number })
    const ids = film.seasons.flatMap(({ episodes }) => episodes.map(({ id }) => id))
    const found = await episodesBy([...ids, randomUUID(), 'no-id'])
    expect(found).toMatchObject([
      { ...place(0, 1), previous: null, next: place(0, 2), film: { id: film.id } },
      { ...place(0, 2), previous: place(0, 1), next: null },
      { ...place(1, 1), previous: null, next: place(1, 2) },
      { ...place(1, 2), previous: place(1, 1), next: place(3, 1) },
      { ...place(3, 1), previous: place(1, 2), next: null },
      null,
      null,
    ])
    expect(found[0]).toMatchObject({ id: ids[0], title: null, description: null })
  })

  it('is null when its film is not visible', async () => {
    const film = await show([1, 1])
    const id = episodesOf(film, 1)[0]!.id
    expect(await episodesBy([id])).toMatchObject([{ id }])
    await by.edit('unpublishFilm', { ...film })
    expect(await episodesBy([id])).toEqual([null])
  })
})

describe('lists of films', () => {
  it('take the same statements for the seasons and episodes of many as of one', async () => {
    const query = (first: number) => /* GraphQL */ `{
      films(first: ${first}, filter: { types: [TV_SHOW], countries: ["IS"] }) { edges { node {
        title externalIds { value } seasons { number title episodes { id title next { id } previous { id } } }
      } } }
    }`
    for (let count = 0; count < 10; count++) {
      const { id } = await show([1, 2], [2, 2])
      await films.postgres.prisma.film.update({ where: { id }, data: { countries: ['IS'] } })
      await films.seed.index(id)
    }
    const ask = async (first: number) => {
      const subgraph = await films.openUncached()
      let episodes = 0
      const statements = await films.countStatements(async () => {
        const answer = await execute(subgraph, { query: query(first) })
        episodes = JSON.stringify(expectData(answer)).split('"next"').length - 1
      })
      return { statements, episodes }
    }
    const [one, many] = [await ask(1), await ask(10)]
    expect([one.episodes, many.episodes]).toEqual([4, 40])
    expect(many.statements).toBe(one.statements)
  })

  it('have no seasons for a movie', async () => {
    const id = await films.seed.film()
    expect((await by.read(id))!.seasons).toEqual([])
  })
})
