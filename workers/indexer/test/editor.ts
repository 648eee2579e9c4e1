import { randomUUID } from 'node:crypto'
import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { announce, type OutboxEvent } from '@cinegraph/engines/outbox/outbox.repository'
import { filmChanged } from '@cinegraph/events/domain/film.changed.v1'
import { filmLinked } from '@cinegraph/events/domain/film.linked.v1'
import { genreChanged } from '@cinegraph/events/domain/genre.changed.v1'
import { personChanged } from '@cinegraph/events/domain/person.changed.v1'
import { personMerged } from '@cinegraph/events/domain/person.merged.v1'
import { encodeEvent } from '@cinegraph/events/event'

type Tx = Prisma.TransactionClient
/** Of an edit that finds nothing to change. Its transaction is rolled back, with whatever it has announced. */
export class NothingToEdit extends Error {}

const LANGUAGE = 'en'
const VISIBILITIES = [
  { change: 'PUBLISHED', data: { status: 'PUBLISHED', hiddenWithoutRole: false } },
  { change: 'UNPUBLISHED', data: { status: 'DRAFT' } },
  { change: 'ARCHIVED', data: { status: 'ARCHIVED' } },
  {
    change: 'EDITED',
    data: { status: 'PUBLISHED', requiredRole: 'subscriber', hiddenWithoutRole: true },
  },
] as const

/** Edits the rows of films and people and announces it, as their services do: each edit is one transaction. */
export class Editor {
  constructor(private readonly prisma: PrismaClient) {}

  createFilm(title: string): Promise<string> {
    const filmId = randomUUID()
    return this.edit(async (tx) => {
      await tx.film.create({
        data: {
          ...{ id: filmId, slug: filmId, type: 'MOVIE', status: 'PUBLISHED' },
          ...{ originalTitle: title, originalLanguage: LANGUAGE, ageRating: 12 },
          translations: { create: { language: LANGUAGE, title } },
        },
      })
      return [filmId, [changeOf(filmId, 1, 'CREATED')]]
    })
  }

  retitleFilm(filmId: string, title: string): Promise<void> {
    return this.edit(async (tx) => {
      const version = await this.touchFilm(tx, filmId, {})
      await tx.filmTranslation.update({
        where: { filmId_language: { filmId, language: LANGUAGE } },
        data: { title },
      })
      return [undefined, [changeOf(filmId, version, 'EDITED')]]
    })
  }

  showFilm(filmId: string, to: number): Promise<void> {
    const { change, data } = VISIBILITIES[to % VISIBILITIES.length]!
    return this.edit(async (tx) => {
      const version = await this.touchFilm(tx, filmId, data)
      return [undefined, [changeOf(filmId, version, change)]]
    })
  }

  deleteFilm(filmId: string): Promise<void> {
    return this.edit(async (tx) => {
      const version = await this.touchFilm(tx, filmId, { deletedAt: new Date() })
      return [undefined, [changeOf(filmId, version, 'DELETED')]]
    })
  }

  restoreFilm(filmId: string): Promise<void> {
    return this.edit(async (tx) => {
      const version = await this.touchFilm(tx, filmId, { deletedAt: null })
      return [undefined, [changeOf(filmId, version, 'RESTORED')]]
    })
  }

  createPerson(name: string): Promise<string> {
    const id = randomUUID()
    const translations = { create: { language: LANGUAGE, name } }
    return this.edit(async (tx) => {
      await tx.person.create({ data: { id, slug: id, translations } })
      return [id, [personChange(id, 1, 'CREATED')]]
    })
  }

  renamePerson(personId: string, name: string): Promise<void> {
    return this.edit(async (tx) => {
      await lockPerson(tx, personId)
      const { version } = await tx.person.update({
        where: { id: personId },
        data: {
          version: { increment: 1 },
          translations: { updateMany: { where: {}, data: { name } } },
        },
      })
      return [undefined, [personChange(personId, version, 'RENAMED')]]
    })
  }

  deletePerson(personId: string): Promise<void> {
    return this.edit(async (tx) => {
      // no film can be linked to the person any more, so that none is forgotten
      await lockPerson(tx, personId)
      const films = await filmsOf(tx, personId)
      const { version } = await tx.person.delete({ where: { id: personId } })
      return [undefined, [personChange(personId, version + 1, 'DELETED'), ...films.map(linked)]]
    })
  }

  mergePersons(personId: string, mergedPersonId: string): Promise<void> {
    return this.edit(async (tx) => {
      for (const id of [personId, mergedPersonId].toSorted()) await lockPerson(tx, id)
      const films = await filmsOf(tx, mergedPersonId)
      await tx.credit.updateMany({ where: { personId: mergedPersonId }, data: { personId } })
      const merged = await tx.person.delete({ where: { id: mergedPersonId } })
      const { version } = await tx.person.update({
        where: { id: personId },
        data: { version: { increment: 1 } },
      })
      await tx.personRedirect.create({
        data: { id: mergedPersonId, slug: mergedPersonId, personId },
      })
      const merge = { personId, version, mergedPersonId }
      return [
        undefined,
        [
          encodeEvent(personMerged, merge, { occurredAt: new Date() }),
          personChange(mergedPersonId, merged.version + 1, 'DELETED'),
          ...films.map(linked),
        ],
      ]
    })
  }

  createGenre(name: string): Promise<string> {
    const id = randomUUID()
    const translations = { create: { language: LANGUAGE, name } }
    return this.edit(async (tx) => {
      await tx.genre.create({ data: { id, slug: id, translations } })
      return [id, [genreChange(id, 1, 'CREATED')]]
    })
  }

  renameGenre(genreId: string, name: string): Promise<void> {
    return this.edit(async (tx) => {
      await lockGenre(tx, genreId)
      const { version } = await tx.genre.update({
        where: { id: genreId },
        data: {
          version: { increment: 1 },
          translations: { updateMany: { where: {}, data: { name } } },
        },
      })
      return [undefined, [genreChange(genreId, version, 'RENAMED')]]
    })
  }

  deleteGenre(genreId: string): Promise<void> {
    return this.edit(async (tx) => {
      await lockGenre(tx, genreId)
      const links = await tx.filmGenre.findMany({ where: { genreId } })
      const { version } = await tx.genre.delete({ where: { id: genreId } })
      const films = links.map(({ filmId }) =>
        encodeEvent(filmLinked, { filmId, links: ['GENRES'] }, now()),
      )
      return [undefined, [genreChange(genreId, version + 1, 'DELETED'), ...films]]
    })
  }

  /** Sets the genres and credits of a film; the persons act in it. */
  linkFilm(filmId: string, links: { genreIds: string[]; personIds: string[] }): Promise<void> {
    return this.edit(async (tx) => {
      await lockFilm(tx, filmId)
      // in one order, or two who link wait for each other
      for (const id of links.personIds.toSorted()) await lockPerson(tx, id)
      for (const id of links.genreIds.toSorted()) await lockGenre(tx, id)
      await tx.filmGenre.deleteMany({ where: { filmId } })
      await tx.credit.deleteMany({ where: { filmId } })
      await tx.filmGenre.createMany({
        data: links.genreIds.map((genreId, order) => ({ filmId, genreId, order })),
      })
      await tx.credit.createMany({
        data: links.personIds.map((personId, billingOrder) => ({
          ...{ id: randomUUID(), filmId, personId, role: 'ACTOR', billingOrder },
        })),
      })
      const links_ = { filmId, links: ['GENRES', 'CREDITS'] as const }
      return [undefined, [encodeEvent(filmLinked, { ...links_, links: [...links_.links] }, now())]]
    })
  }

  private edit<T>(work: (tx: Tx) => Promise<[T, OutboxEvent[]]>): Promise<T> {
    return this.prisma.$transaction(async (tx) => {
      const [result, events] = await work(tx)
      await announce(tx, events)
      return result
    })
  }

  /** Returns its new version. */
  private async touchFilm(tx: Tx, id: string, data: Prisma.FilmUpdateInput): Promise<number> {
    await lockFilm(tx, id)
    const film = await tx.film.update({
      where: { id },
      data: { ...data, version: { increment: 1 } },
    })
    return film.version
  }
}

const now = () => ({ occurredAt: new Date() })

const changeOf = (filmId: string, version: number, change: FilmChange) =>
  encodeEvent(filmChanged, { filmId, version, change }, now())
type FilmChange =
  'CREATED' | 'EDITED' | 'PUBLISHED' | 'UNPUBLISHED' | 'ARCHIVED' | 'DELETED' | 'RESTORED'

type Change = 'CREATED' | 'RENAMED' | 'DELETED'
const personChange = (personId: string, version: number, change: Change) =>
  encodeEvent(personChanged, { personId, version, change }, now())
const genreChange = (genreId: string, version: number, change: Change) =>
  encodeEvent(genreChanged, { genreId, version, change }, now())
const linked = (filmId: string) => encodeEvent(filmLinked, { filmId, links: ['CREDITS'] }, now())

async function filmsOf(tx: Tx, personId: string): Promise<string[]> {
  const credits = await tx.credit.findMany({ where: { personId }, distinct: ['filmId'] })
  return credits.map(({ filmId }) => filmId)
}

const lockFilm = async (tx: Tx, id: string) =>
  found(await tx.$queryRaw`SELECT id FROM films.film WHERE id = ${id}::uuid FOR UPDATE`)
const lockPerson = async (tx: Tx, id: string) =>
  found(await tx.$queryRaw`SELECT id FROM people.person WHERE id = ${id}::uuid FOR UPDATE`)
const lockGenre = async (tx: Tx, id: string) =>
  found(await tx.$queryRaw`SELECT id FROM people.genre WHERE id = ${id}::uuid FOR UPDATE`)

/** Another writer may have deleted it. */
function found(rows: unknown[]): void {
  if (rows.length === 0) throw new NothingToEdit()
}
