import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { reindex } from '../../src/catalogue/reindex.js'
import { stableId } from '../../src/catalogue/stable-id.js'
import { writeCatalogue } from '../../src/catalogue/write-catalogue.js'
import { CATALOGUE, countFor, numbers, SIZES } from './catalogue.js'

type Prisma = Postgres['prisma']

export const userIdOf = (slug: string) => stableId('person', `user-${slug}`)
export const roleIdOf = (slug: string) => stableId('genre', `role-${slug}`)

/** Writes a catalogue and accounts whose lists are short and long. */
export async function fill({ postgres, search }: { postgres: Postgres; search: SearchIndex }) {
  const { prisma } = postgres
  await writeCatalogue(prisma, CATALOGUE)
  await writeAccounts(prisma)
  await writeHistories(prisma)
  await writeSeries(prisma)
  await leaveOneLanguage(prisma)
  await reindex({ postgres, search })
  await deleteFilms(prisma)
}

const slugs = CATALOGUE.films.flatMap(({ slug, credits }) => (credits.length > 0 ? [slug] : []))

async function writeSeries(prisma: Prisma) {
  for (const slug of slugs) {
    const filmId = stableId('film', slug)
    const many = numbers(countFor(slug))
    await prisma.filmExternalId.createMany({
      data: many.map((it) => ({ filmId, source: `source-${it}`, value: slug })),
    })
    for (const number of many) {
      const episodes = number === 0 ? many : numbers(SIZES.short)
      const texts = () => ({
        create: ['en', 'ru'].map((language) => ({ language, title: `Part ${number}` })),
      })
      await prisma.season.create({
        data: {
          ...{ id: randomUUID(), filmId, number, translations: texts() },
          episodes: {
            create: episodes.map((it) => ({ id: randomUUID(), number: it, translations: texts() })),
          },
        },
      })
    }
  }
}

/** Everybody edits, so that an edit each is by somebody else. */
async function writeHistories(prisma: Prisma) {
  const by = slugs.map(userIdOf)
  for (const slug of slugs) {
    const edits = numbers(countFor(slug)).map((it) => ({
      ...{ version: it + 1, action: 'UPDATE', userId: by[it]! },
      changes: numbers(countFor(slug)).map((field) => ({
        field: `field-${field}`,
        before: 1,
        after: 2,
      })),
    }))
    await prisma.filmAudit.createMany({
      data: edits.map((it) => ({ ...it, filmId: stableId('film', slug) })),
    })
    const ids = [
      ['FILM_LINKS', stableId('film', slug)],
      ['PERSON', stableId('person', slug.replace('film', 'person'))],
      ['GENRE', stableId('genre', slug.replace('film', 'genre'))],
    ] as const
    await prisma.peopleAudit.createMany({
      data: ids.flatMap(([kind, id]) => edits.map((it) => ({ ...it, kind, id }))),
    })
  }
}

async function writeAccounts(prisma: Prisma) {
  await prisma.role.createMany({
    data: slugs.map((slug) => ({
      ...{ id: roleIdOf(slug), name: `role-${slug}`, description: 'Of a test.' },
      permissions: ['films:write'],
    })),
  })
  const at = new Date()
  for (const [number, slug] of slugs.entries()) {
    const userId = userIdOf(slug)
    await prisma.user.create({
      data: { id: userId, login: `user-${slug}`, loginKey: `user-${slug}` },
    })
    const many = numbers(countFor(slug))
    await prisma.session.createMany({ data: many.map(() => ({ id: randomUUID(), userId })) })
    await prisma.loginAttempt.createMany({
      data: many.map(() => ({
        ...{ id: randomUUID(), at, userId, method: 'PASSWORD', outcome: 'SUCCESS' },
        ...{ deviceType: 'WEB', deviceName: 'Firefox' },
      })),
    })
    const providers = slug === 'short' ? (['YANDEX'] as const) : (['YANDEX', 'GOOGLE'] as const)
    await prisma.socialAccount.createMany({
      data: providers.map((provider) => ({ provider, subject: slug, userId })),
    })
    const roles = number < SIZES.short ? ['short', 'long'] : ['long', slug]
    await prisma.userRole.createMany({
      data: roles.map((it) => ({ userId, roleId: roleIdOf(it) })),
    })
  }
}

/** What has the name `short` has texts in one language. */
async function leaveOneLanguage(prisma: Prisma) {
  const language = 'ru'
  const filmId = stableId('film', 'short')
  await prisma.filmTranslation.deleteMany({ where: { language, filmId } })
  await prisma.seasonTranslation.deleteMany({ where: { language, season: { filmId } } })
  await prisma.episodeTranslation.deleteMany({
    where: { language, episode: { season: { filmId } } },
  })
  await prisma.personTranslation.deleteMany({
    where: { language, personId: stableId('person', 'short') },
  })
  await prisma.genreTranslation.deleteMany({
    where: { language, genreId: stableId('genre', 'short') },
  })
}

/** As many as a long list has, which were never in the index. */
async function deleteFilms(prisma: Prisma) {
  for (const number of numbers(SIZES.long)) {
    const names = { slug: `deleted-${number}`, originalTitle: 'Gone', originalLanguage: 'en' }
    await prisma.film.create({
      data: { id: randomUUID(), ...names, type: 'MOVIE', ageRating: 0, deletedAt: new Date() },
    })
  }
}

/** Films that somebody does not want to have recommended, which are like no others. */
export async function hideFilms(prisma: Prisma, userId: string) {
  const filmIds = numbers(SIZES.long).map((it) => stableId('film', `loose-${it}`))
  await prisma.hiddenRecommendation.createMany({
    data: filmIds.map((filmId) => ({ userId, filmId })),
  })
}
