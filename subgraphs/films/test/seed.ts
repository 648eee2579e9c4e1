import { randomUUID } from 'node:crypto'
import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { CreditRole } from '@cinegraph/engines/search/credit-role'
import type { SearchIndex, Texts } from '@cinegraph/engines/search/search-index'
import { CatalogueRepository } from '@cinegraph/indexer/catalogue.repository'
import { projectFilm } from '@cinegraph/indexer/project'

interface Named {
  readonly id: string
  readonly name: Texts
}

export interface GivenFilm {
  id?: string
  slug?: string
  type?: 'MOVIE' | 'TV_SHOW'
  status?: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED'
  /** For one that is SCHEDULED. */
  publishAt?: Date
  title?: Texts
  description?: Texts
  tagline?: Texts
  originalTitle?: string
  originalLanguage?: string
  releaseDate?: string | null
  runtimeMinutes?: number | null
  ageRating?: number
  countries?: string[]
  externalRating?: number | null
  creditsStartSec?: number | null
  trailerUrl?: string | null
  requiredRole?: string | null
  hiddenWithoutRole?: boolean
  genres?: readonly Named[]
  /** In billing order. */
  credits?: readonly { person: Named; role: CreditRole; character?: string }[]
}

const linksOf = (credits: NonNullable<GivenFilm['credits']>) =>
  credits.map(({ person, role, character = null }) => ({
    ...{ personId: person.id, role, character, name: person.name },
  }))

/** Writes rows and documents as the write side and the indexer would. */
export function seedOf(prisma: PrismaClient, search: SearchIndex) {
  const repository = new CatalogueRepository(prisma)
  let version = Date.now() * 1_000
  const next = () => (version += 1)

  /** Brings the document of a film up to its row. */
  async function index(id: string, given: Pick<GivenFilm, 'genres' | 'credits'> = {}) {
    const [film] = await repository.films({ ids: [id] })
    const { genres = [], credits = [] } = given
    const whole = { ...film!, genres, credits: linksOf(credits) }
    await search.upsert('film', [projectFilm(whole, next())])
  }

  return {
    index,

    async film(given: GivenFilm = {}): Promise<string> {
      const { id = randomUUID(), genres, credits, title, description, tagline, ...columns } = given
      const { releaseDate = null, slug = `film-${id}`, ...rest } = columns
      const names = title ?? { en: `Film ${id}` }
      await prisma.film.create({
        data: {
          type: 'MOVIE',
          status: 'PUBLISHED',
          originalTitle: names.en ?? names.ru!,
          originalLanguage: 'en',
          ageRating: 12,
          countries: ['US'],
          ...rest,
          id,
          slug,
          releaseDate: releaseDate === null ? null : new Date(releaseDate),
          releaseYear: releaseDate === null ? null : Number(releaseDate.slice(0, 4)),
          translations: {
            create: (['en', 'ru'] as const).flatMap((language) => {
              const text = names[language]
              const more = {
                description: description?.[language] ?? null,
                tagline: tagline?.[language] ?? null,
              }
              return text === undefined ? [] : [{ language, title: text, ...more }]
            }),
          },
        },
      })
      await index(id, { ...(genres && { genres }), ...(credits && { credits }) })
      return id
    },

    /** Many published movies at once, one for each of `titles`, in their order. */
    async films(
      titles: readonly string[],
      given: Pick<GivenFilm, 'genres' | 'credits'> & { releaseDate?: (at: number) => Date | null },
    ): Promise<string[]> {
      const { genres = [], credits = [], releaseDate = () => null } = given
      const rows = titles.map((originalTitle, at) => {
        const id = randomUUID()
        const released = releaseDate(at)
        return {
          ...{ id, slug: `film-${id}`, originalTitle, originalLanguage: 'en', ageRating: 12 },
          ...{ type: 'MOVIE' as const, status: 'PUBLISHED' as const, countries: [] },
          ...{ releaseDate: released, releaseYear: released?.getUTCFullYear() ?? null },
        }
      })
      const ids = rows.map(({ id }) => id)
      await prisma.film.createMany({ data: rows })
      await prisma.filmTranslation.createMany({
        data: rows.map(({ id, originalTitle }) => ({
          ...{ filmId: id, language: 'en', title: originalTitle },
        })),
      })
      const links = linksOf(credits)
      const read = await repository.films({ ids })
      const documents = read.map((film) => projectFilm({ ...film, genres, credits: links }, next()))
      await search.upsert('film', documents)
      return ids
    },

    /** Removes the row and then the document. */
    async remove(id: string): Promise<void> {
      await prisma.film.delete({ where: { id } })
      await search.remove('film', [{ id, version: next() }])
    },

    async person(name: Texts): Promise<Named> {
      const id = randomUUID()
      await search.upsert('person', [{ id, version: next(), name, birthDate: null }])
      return { id, name }
    },

    async genre(slug: string, name: Texts): Promise<Named> {
      const id = randomUUID()
      await search.upsert('genre', [{ id, version: next(), slug, name }])
      return { id, name }
    },
  }
}
