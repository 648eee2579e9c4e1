import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { FilmRepository } from '@cinegraph/films/films/film.repository'
import {
  FilmImportRepository,
  type ImportedFilm,
} from '@cinegraph/films/importing/film-import.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'

const filmOf = (given: Partial<ImportedFilm> = {}): ImportedFilm => ({
  id: randomUUID(),
  slug: `film-${randomUUID()}`,
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
  ...given,
})

let prisma: Postgres['prisma']
let films: FilmImportRepository
beforeAll(async () => {
  ;({ prisma } = await openTestPostgres())
  films = new FilmImportRepository(prisma)
})

const read = async (...ids: string[]) =>
  (await new FilmRepository(prisma).findByIds(ids)).toSorted(
    (a, b) => ids.indexOf(a.id) - ids.indexOf(b.id),
  )

describe('an imported film', () => {
  it('is there whole and published, and the same when it is brought in again', async () => {
    const [one, other] = [
      filmOf(),
      filmOf({ type: 'TV_SHOW', releaseDate: null, title: { ru: 'Сериал' } }),
    ]
    const published = {
      ...{ status: 'PUBLISHED', audience: 'everyone', publishAt: null, version: 1 },
      ...{ requiredRole: null, hiddenWithoutRole: false, trailerUrl: null },
    }
    for (const _ of [1, 2]) {
      await films.write([one, other])
      expect(await read(one.id, other.id)).toEqual([
        { ...one, ...published },
        // a text without a title is in no language of the film
        { ...other, ...published, description: {} },
      ])
    }
    expect(await films.any()).toBe(true)
  })

  it('is changed by the next import, but for who may see it', async () => {
    const film = filmOf()
    await films.write([film])
    await prisma.film.update({
      where: { id: film.id },
      data: { status: 'DRAFT', requiredRole: 'subscriber', hiddenWithoutRole: true },
    })
    const changed = { ...film, slug: `new-${film.slug}`, title: { en: 'M' }, runtimeMinutes: null }
    await films.write([changed])
    expect(await read(film.id)).toMatchObject([
      {
        ...changed,
        // the import names no Russian title: the one that is there stays
        title: { en: 'M', ru: 'Метрополис' },
        status: 'DRAFT',
        requiredRole: 'subscriber',
        hiddenWithoutRole: true,
      },
    ])
  })

  it('of an empty import is none', async () => {
    const before = await prisma.film.count()
    await films.write([])
    expect(await prisma.film.count()).toBe(before)
  })
})
