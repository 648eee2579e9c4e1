import { randomUUID } from 'node:crypto'
import { PeopleIndexRepository } from '@cinegraph/people/indexing/people-index.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'
import { seedOf } from './seed.js'

let seed: ReturnType<typeof seedOf>
let repository: PeopleIndexRepository
beforeAll(async () => {
  const { prisma } = await openTestPostgres()
  seed = seedOf(prisma)
  repository = new PeopleIndexRepository(prisma)
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
      batch = await repository.personsAfter(read.at(-1)?.id ?? null, 3)
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
    const first = await repository.genresAfter(null, 2)
    const rest = await repository.genresAfter(first.at(-1)!.id, 2)
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
        { personId: actor, role: 'ACTOR', order: 20 },
        { personId: director, role: 'DIRECTOR', order: 10 },
      ],
    })
    const other = await seed.film({ credits: [{ personId: actor, role: 'ACTOR', order: 1 }] })
    const filmIds = [film, other, randomUUID()]
    const lorre = { personId: actor, role: 'ACTOR', name: { en: 'Peter Lorre' } }
    const lang = {
      personId: director,
      role: 'DIRECTOR',
      name: { en: 'Fritz Lang', ru: 'Фриц Ланг' },
    }
    expect(await repository.creditsOfFilms(filmIds)).toEqual(
      new Map([
        [film, [lang, lorre]],
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
})
