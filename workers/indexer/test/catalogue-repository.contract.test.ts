import { randomUUID } from 'node:crypto'
import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { CatalogueRepository } from '@cinegraph/indexer/catalogue.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'
import { seedOf } from '../../../subgraphs/people/test/seed.js'

let seed: ReturnType<typeof seedOf>
let repository: CatalogueRepository
let prisma: PrismaClient
beforeAll(async () => {
  prisma = (await openTestPostgres()).prisma
  seed = seedOf(prisma)
  repository = new CatalogueRepository(prisma)
})

describe('what the index is told', () => {
  it('is every person once, in batches', async () => {
    const ids = await Promise.all(Array.from({ length: 7 }, () => seed.person()))
    const gish = await seed.person({
      name: { en: 'Lillian Gish', ru: 'Лилиан Гиш' },
      birthDate: '1893-10-14',
    })
    const read = []
    let batch
    do {
      batch = await repository.persons({ after: read.at(-1)?.id ?? null, limit: 3 })
      expect(batch.length).toBeLessThanOrEqual(3)
      read.push(...batch)
    } while (batch.length === 3)
    expect(read.map(({ id }) => id)).toEqual([...ids, gish].toSorted())
    expect(read.find(({ id }) => id === gish)).toEqual({
      id: gish,
      name: { en: 'Lillian Gish', ru: 'Лилиан Гиш' },
      birthDate: '1893-10-14',
    })
  })

  it('is every genre once, in batches', async () => {
    const ids = []
    for (const slug of ['noir', 'western', 'musical']) {
      ids.push(await seed.genre({ slug, name: { en: slug, ru: `${slug} по-русски` } }))
    }
    const first = await repository.genres({ after: null, limit: 2 })
    const rest = await repository.genres({ after: first.at(-1)!.id, limit: 2 })
    expect([...first, ...rest].map(({ id }) => id)).toEqual(ids.toSorted())
    expect([...first, ...rest]).toContainEqual({
      id: ids[0],
      slug: 'noir',
      name: { en: 'noir', ru: 'noir по-русски' },
    })
  })

  it('is the genres and credits of films in their order', async () => {
    const director = await seed.person({ name: { en: 'Fritz Lang', ru: 'Фриц Ланг' } })
    const actor = await seed.person({ name: { en: 'Peter Lorre' } })
    const crime = await seed.genre({ slug: 'crime', name: { en: 'Crime' } })
    const thriller = await seed.genre({ slug: 'thriller', name: { en: 'Thriller' } })
    const film = await seed.film({
      genreIds: [thriller, crime],
      credits: [
        { personId: actor, role: 'ACTOR', character: 'Beckert', order: 20 },
        { personId: director, role: 'DIRECTOR', order: 10 },
      ],
    })
    const other = await seed.film({ credits: [{ personId: actor, role: 'ACTOR', order: 1 }] })
    const filmIds = [film, other, randomUUID()]
    const lorre = { personId: actor, role: 'ACTOR', character: null, name: { en: 'Peter Lorre' } }
    const lang = {
      personId: director,
      role: 'DIRECTOR',
      character: null,
      name: { en: 'Fritz Lang', ru: 'Фриц Ланг' },
    }
    expect(await repository.creditsOfFilms(filmIds)).toEqual(
      new Map([
        [film, [lang, { ...lorre, character: 'Beckert' }]],
        [other, [lorre]],
      ]),
    )
    expect(await repository.genresOfFilms(filmIds)).toEqual(
      new Map([
        [
          film,
          [
            { id: thriller, name: { en: 'Thriller' } },
            { id: crime, name: { en: 'Crime' } },
          ],
        ],
      ]),
    )
  })

  it('is which films a person or a genre concerns, each once, in pages', async () => {
    const person = await seed.person()
    const genre = await seed.genre({ slug: 'epic', name: { en: 'Epic' } })
    const films: string[] = []
    for (let index = 0; index < 5; index++) {
      const credits = [1, 2].map((order) => ({ personId: person, role: 'ACTOR' as const, order }))
      films.push(await seed.film({ credits, genreIds: [genre] }))
    }
    await seed.film({ credits: [{ personId: await seed.person(), role: 'ACTOR', order: 1 }] })
    const all = films.toSorted()
    const first = { after: null, limit: 3 }
    const rest = { after: all[2]!, limit: 3 }
    expect(await repository.filmsOfPerson(person, first)).toEqual(all.slice(0, 3))
    expect(await repository.filmsOfPerson(person, rest)).toEqual(all.slice(3))
    expect(await repository.filmsOfGenre(genre, first)).toEqual(all.slice(0, 3))
    expect(await repository.filmsOfGenre(genre, rest)).toEqual(all.slice(3))
  })

  it('is a film in all its languages, whole', async () => {
    const id = await film({
      originalTitle: 'Metropolis',
      releaseDate: new Date('1927-01-10'),
      releaseYear: 1927,
      externalRating: 8.3,
      translations: {
        create: [
          { language: 'en', title: 'Metropolis', description: 'A city.' },
          { language: 'ru', title: 'Метрополис' },
        ],
      },
    })
    expect(await repository.films({ ids: [id, randomUUID()] })).toEqual([
      {
        id,
        audience: 'everyone',
        status: 'PUBLISHED',
        type: 'MOVIE',
        title: { en: 'Metropolis', ru: 'Метрополис' },
        originalTitle: 'Metropolis',
        description: { en: 'A city.' },
        releaseDate: '1927-01-10',
        releaseYear: 1927,
        ageRating: 12,
        countries: ['DE', 'US'],
        externalRating: 8.3,
        seasons: null,
      },
    ])
  })

  it('is how many seasons a series has without its specials, and that a movie has none', async () => {
    const seasonsOf = async (type: 'MOVIE' | 'TV_SHOW', numbers: readonly number[]) => {
      const create = numbers.map((number) => ({ id: randomUUID(), number }))
      const id = await film({ type, seasons: { create } })
      return (await repository.films({ ids: [id] }))[0]!.seasons
    }
    expect(await seasonsOf('TV_SHOW', [0, 1, 2, 4])).toBe(3)
    expect(await seasonsOf('TV_SHOW', [0])).toBe(0)
    expect(await seasonsOf('MOVIE', [1])).toBeNull()
  })

  const scheduled = { status: 'SCHEDULED', publishAt: new Date() } as const
  const gated = { requiredRole: 'subscriber' }
  it.each<[string, Partial<Prisma.FilmCreateInput>, string]>([
    ['published', {}, 'everyone'],
    ['that needs a role to be played', gated, 'everyone'],
    ['hidden without its role', { ...gated, hiddenWithoutRole: true }, 'role:subscriber'],
    ['hidden without a role that is not named', { hiddenWithoutRole: true }, 'editors'],
    ['in draft', { status: 'DRAFT' }, 'editors'],
    ['scheduled', scheduled, 'editors'],
    ['archived', { ...gated, hiddenWithoutRole: true, status: 'ARCHIVED' }, 'editors'],
  ])('is that a film %s is seen by', async (_, given, audience) => {
    const id = await film(given)
    expect(await repository.films({ ids: [id] })).toMatchObject([{ audience }])
  })

  it('is no film that was deleted, whatever its state', async () => {
    const deletedAt = new Date()
    const ids = [await film({ deletedAt }), await film({ deletedAt, status: 'DRAFT' })]
    expect(await repository.films({ ids })).toEqual([])
    const rows = await prisma.film.findMany({ where: { id: { in: ids } } })
    expect(rows.map(({ audience }) => audience)).toEqual(['nobody', 'nobody'])
  })
})

async function film(given: Partial<Prisma.FilmCreateInput>): Promise<string> {
  const id = randomUUID()
  await prisma.film.create({
    data: {
      id,
      slug: `film-${id}`,
      type: 'MOVIE',
      status: 'PUBLISHED',
      originalTitle: id,
      originalLanguage: 'de',
      ageRating: 12,
      countries: ['DE', 'US'],
      ...given,
    },
  })
  return id
}
