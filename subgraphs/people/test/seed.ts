import { randomUUID } from 'node:crypto'
import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { CreditRole } from '@cinegraph/engines/search/credit-role'

export interface GivenCredit {
  personId: string
  role: CreditRole
  order: number
  character?: string
}

interface GivenPerson {
  slug?: string
  name?: { en?: string; ru?: string }
  biography?: { en?: string; ru?: string }
  birthDate?: string
  deathDate?: string
}

const LANGUAGES = ['en', 'ru'] as const

/** Writes rows as the write side would, and returns their ids. */
export const seedOf = (prisma: PrismaClient) => ({
  async person(given: GivenPerson = {}): Promise<string> {
    const id = randomUUID()
    const { name = { en: `Person ${id}` }, biography = {}, slug = `person-${id}` } = given
    const day = (iso: string | undefined) => (iso === undefined ? null : new Date(iso))
    await prisma.person.create({
      data: {
        id,
        slug,
        birthDate: day(given.birthDate),
        deathDate: day(given.deathDate),
        translations: {
          create: LANGUAGES.flatMap((language) => {
            const text = name[language]
            return text === undefined
              ? []
              : [{ language, name: text, biography: biography[language] ?? null }]
          }),
        },
      },
    })
    return id
  },

  async genre(given: { slug: string; name: { en?: string; ru?: string } }): Promise<string> {
    const id = randomUUID()
    await prisma.genre.create({
      data: {
        id,
        slug: given.slug,
        translations: {
          create: LANGUAGES.flatMap((language) => {
            const name = given.name[language]
            return name === undefined ? [] : [{ language, name, description: `${name}: films.` }]
          }),
        },
      },
    })
    return id
  },

  /** A film as this subgraph knows it: an id with credits and genres. */
  async film(given: {
    credits?: readonly GivenCredit[]
    genreIds?: readonly string[]
  }): Promise<string> {
    const filmId = randomUUID()
    const { credits = [], genreIds = [] } = given
    for (const credit of credits) await this.credit(filmId, credit)
    await prisma.filmGenre.createMany({
      data: genreIds.map((genreId, order) => ({ filmId, genreId, order })),
    })
    return filmId
  },

  /** The same film as films knows it: nobody links what films does not show to others. */
  async knownFilm(id: string = randomUUID()): Promise<string> {
    const film = { slug: `film-${id}`, originalTitle: 'Film', originalLanguage: 'en', ageRating: 0 }
    await prisma.film.create({ data: { id, ...film, type: 'MOVIE', countries: [] } })
    return id
  },

  async credit(filmId: string, { order, ...credit }: GivenCredit): Promise<string> {
    const id = randomUUID()
    await prisma.credit.create({ data: { id, filmId, billingOrder: order, ...credit } })
    return id
  },
})
