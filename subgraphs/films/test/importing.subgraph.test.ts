import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { FilmRepository } from '@cinegraph/films/films/film.repository'
import type { FilmFields } from '@cinegraph/films/importing/film-content'
import { FilmContentRepository } from '@cinegraph/films/importing/film-content.repository'
import { FilmImportRepository } from '@cinegraph/films/importing/film-import.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'

const metropolis = {
  type: 'MOVIE',
  title: { en: 'Metropolis', ru: 'Метрополис' },
  description: { en: 'A city of two worlds.' },
  tagline: {},
  originalTitle: 'Metropolis',
  originalLanguage: 'de',
  releaseDate: '1927-01-10',
  releaseYear: 1927,
  runtimeMinutes: 153,
  ageRating: 12,
  countries: ['DE'],
  externalRating: 8.3,
  creditsStartSec: null,
} satisfies FilmFields

const DEFAULTS = {
  ...{ status: 'DRAFT', audience: 'editors', publishAt: null, deletedAt: null, version: 1 },
  ...{ requiredRole: null, hiddenWithoutRole: false, trailerUrl: null },
}

const episodeOf = (number: number, en: string) => ({
  number,
  title: { en },
  description: {},
  releaseDate: '1965-02-03',
  runtimeMinutes: 52,
  creditsStartSec: 3_000,
})

const seasonOf = (number: number, ...episodes: ReturnType<typeof episodeOf>[]) => ({
  number,
  title: {},
  description: {},
  releaseDate: null,
  episodes,
})

const filmOf = (fields: FilmFields = {}) => ({
  id: randomUUID() as string,
  fields: { slug: `film-${randomUUID()}`, ...metropolis, ...fields },
})

let prisma: Postgres['prisma']
let films: FilmImportRepository
beforeAll(async () => {
  ;({ prisma } = await openTestPostgres())
  films = new FilmImportRepository(prisma)
})

const write = async (id: string, fields: FilmFields, told = true) => {
  const [outcome] = await films.write([{ id, fields }], { told })
  return outcome!
}
const read = async (...ids: string[]) =>
  (await new FilmRepository(prisma).findByIds(ids)).toSorted(
    (a, b) => ids.indexOf(a.id) - ids.indexOf(b.id),
  )
const contentOf = async (id: string) =>
  (await new FilmContentRepository(prisma).byIds([id])).get(id)!.content
const auditOf = (filmId: string) =>
  prisma.filmAudit.findMany({ where: { filmId }, orderBy: { version: 'asc' } })
const eventsOf = async (key: string) => {
  const rows = await prisma.outboxRow.findMany({ where: { key }, orderBy: { id: 'asc' } })
  return rows.map(({ value }) => JSON.parse(value) as unknown)
}

describe('an imported film', () => {
  it('is there whole, a draft, and the same when it is brought in again', async () => {
    const [one, other] = [
      filmOf(),
      filmOf({ type: 'TV_SHOW', releaseDate: null, title: { ru: 'Сериал' }, description: {} }),
    ]
    for (const kind of ['CREATED', 'UNCHANGED']) {
      expect(await films.write([one, other], { told: true })).toMatchObject([{ kind }, { kind }])
      expect(await read(one.id, other.id)).toEqual([
        { id: one.id, ...one.fields, ...DEFAULTS },
        { id: other.id, ...other.fields, ...DEFAULTS },
      ])
      expect(await auditOf(one.id)).toHaveLength(1)
      expect(await eventsOf(one.id)).toHaveLength(1)
    }
    expect(await films.any()).toBe(true)
  })

  it('is changed where the next import names a field, and null takes away', async () => {
    const { id, fields } = filmOf({
      tagline: { en: 'See it.' },
      externalIds: { imdb: randomUUID() },
    })
    await write(id, fields)
    await write(id, { title: { en: 'M' }, runtimeMinutes: null, tagline: { en: null } })
    expect(await contentOf(id)).toMatchObject({
      ...fields,
      title: { en: 'M', ru: 'Метрополис' },
      runtimeMinutes: null,
      tagline: {},
    })
    expect((await auditOf(id))[1]).toMatchObject({
      ...{ version: 2, action: 'IMPORTED', userId: null },
      changes: [
        { field: 'runtimeMinutes', before: 153, after: null },
        { field: 'tagline.en', before: 'See it.', after: null },
        { field: 'title.en', before: 'Metropolis', after: 'M' },
      ],
    })
    expect(await eventsOf(id)).toEqual([
      { filmId: id, version: 1, change: 'CREATED' },
      { filmId: id, version: 2, change: 'EDITED' },
    ])
  })

  it.each([
    ['PUBLISHED', {}],
    ['ARCHIVED', {}],
    ['SCHEDULED', { publishAt: '2030-01-01T00:00:00.000Z' }],
  ] as const)(
    'that becomes %s is announced as that, and as UNPUBLISHED back',
    async (status, fields) => {
      const film = filmOf()
      await write(film.id, film.fields)
      await write(film.id, { status, ...fields })
      await write(film.id, { status: 'DRAFT' })
      expect(await eventsOf(film.id)).toMatchObject([
        { change: 'CREATED' },
        { change: status },
        { change: 'UNPUBLISHED' },
      ])
    },
  )

  it('keeps the id of a season and an episode whose number stays', async () => {
    const series = filmOf({
      type: 'TV_SHOW',
      seasons: [
        seasonOf(0, episodeOf(1, 'Special')),
        seasonOf(1, episodeOf(1, 'Pilot'), episodeOf(2, 'Two')),
      ],
    })
    await write(series.id, series.fields)
    const idsOf = () =>
      prisma.episode.findMany({
        where: { season: { filmId: series.id } },
        select: { id: true, number: true, season: { select: { id: true, number: true } } },
        orderBy: [{ season: { number: 'asc' } }, { number: 'asc' }],
      })
    const [, pilot] = await idsOf()
    const seasons = [seasonOf(1, episodeOf(1, 'The pilot'), episodeOf(3, 'Three'))]
    await write(series.id, { seasons })
    expect((await contentOf(series.id)).seasons).toEqual(seasons)
    expect(await idsOf()).toEqual([
      pilot,
      { id: expect.any(String) as string, number: 3, season: pilot!.season },
    ])
    expect((await auditOf(series.id))[1]!.changes).toContainEqual({
      field: 'seasons.1.episodes.1.title.en',
      before: 'Pilot',
      after: 'The pilot',
    })
  })

  it('has the year of its date, and is no longer scheduled once it is something else', async () => {
    const { id, fields } = filmOf({ status: 'SCHEDULED', publishAt: '2030-01-01T00:00:00.000Z' })
    await write(id, fields)
    await write(id, { releaseDate: '1926-12-31', status: 'PUBLISHED' })
    expect(await contentOf(id)).toMatchObject({
      ...{ releaseYear: 1926, status: 'PUBLISHED', publishAt: null },
    })
  })

  it.each<[string, FilmFields]>([
    ['releaseYear: must be the year of releaseDate, 1927-01-10', { releaseYear: 1928 }],
    ['hiddenWithoutRole: needs a requiredRole', { hiddenWithoutRole: true }],
    ['publishAt: must say when a film that is SCHEDULED is published', { status: 'SCHEDULED' }],
    ['publishAt: is for a film that is SCHEDULED', { publishAt: '2030-01-01T00:00:00.000Z' }],
    ['seasons: are for a TV_SHOW', { seasons: [seasonOf(1)] }],
    ['title: must be there in one language at least', { title: {}, description: {} }],
    [
      'description.ru: needs a title in the same language',
      { description: { ru: 'Город.' }, title: { en: 'M' } },
    ],
    ['ageRating: is required of a new film', { ageRating: undefined }],
  ])('is refused and not written: %s', async (problem, fields) => {
    const film = filmOf(fields)
    const outcome = await write(film.id, film.fields)
    const told = 'problems' in outcome ? outcome.problems : []
    expect(told.map(({ field, message }) => `${field}: ${message}`)).toEqual([problem])
    expect(await read(film.id)).toEqual([])
  })

  it('of a load that is not told has its version, but no history and no event', async () => {
    const { id, fields } = filmOf()
    for (const ageRating of [12, 16, 16]) await write(id, { ...fields, ageRating }, false)
    expect(await read(id)).toMatchObject([{ version: 2, ageRating: 16 }])
    expect(await auditOf(id)).toEqual([])
    expect(await eventsOf(id)).toEqual([])
  })

  it('that is new has the state that the caller wants of new ones only', async () => {
    const film = { ...filmOf(), ifNew: { status: 'PUBLISHED' } as const }
    await films.write([film], { told: false })
    expect(await read(film.id)).toMatchObject([{ status: 'PUBLISHED' }])
    await write(film.id, { status: 'DRAFT' })
    await films.write([film], { told: false })
    expect(await read(film.id)).toMatchObject([{ status: 'DRAFT' }])
  })

  it('is compared without being written', async () => {
    const { id, fields } = filmOf()
    expect(await films.compare([{ id, fields }])).toMatchObject([{ kind: 'CREATED' }])
    expect(await read(id)).toEqual([])
  })

  it('of an empty import is none', async () => {
    const before = await prisma.film.count()
    expect(await films.write([], { told: true })).toEqual([])
    expect(await prisma.film.count()).toBe(before)
  })
})

describe('a film is found', () => {
  it('by its slug and by any of its external ids, deleted or not', async () => {
    const [imdb, tmdb] = [randomUUID(), randomUUID()]
    const [one, other] = [filmOf({ externalIds: { imdb, tmdb } }), filmOf()]
    await films.write([one, other], { told: false })
    await prisma.film.update({ where: { id: other.id }, data: { deletedAt: new Date() } })
    const { slug } = one.fields
    const found = { id: one.id, slug, deleted: false, externalIds: { imdb, tmdb } }
    const finder = new FilmContentRepository(prisma)
    expect(
      await finder.find([
        { slug },
        { slug: 'of-none', externalIds: { tmdb } },
        { externalIds: { imdb: tmdb } },
        { slug: other.fields.slug, externalIds: { imdb } },
      ]),
    ).toMatchObject([
      [found],
      [found],
      [],
      expect.arrayContaining([
        expect.objectContaining(found),
        expect.objectContaining({ id: other.id, deleted: true }),
      ]) as unknown,
    ])
  })
})
