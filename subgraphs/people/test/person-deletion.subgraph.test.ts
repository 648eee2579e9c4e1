import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { editingOf } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
})
beforeEach(() => editing.announced())

const row = (id: string) => people.postgres.prisma.person.findUnique({ where: { id } })

describe('deletePerson', () => {
  it('answers with who was there', async () => {
    const id = await people.seed.person({ name: { en: 'Nobody' } })
    expect(await editing.deletePerson.done({ id, version: 1 })).toMatchObject({
      id,
      name: 'Nobody',
    })
    expect(await row(id)).toBeNull()
    expect(await editing.announced()).toEqual([
      { event: 'person.changed.v1', personId: id, version: 2, change: 'DELETED' },
    ])
    const audit = await people.postgres.prisma.peopleAudit.findMany({ where: { id } })
    expect(audit).toMatchObject([{ kind: 'PERSON', version: 2, action: 'DELETED' }])
  })

  it('refuses who has credits, and says in how many films', async () => {
    const id = await people.seed.person()
    const acts = { personId: id, role: 'ACTOR', order: 1 } as const
    const directs = { personId: id, role: 'DIRECTOR', order: 2 } as const
    for (const credits of [[acts, directs], [acts]]) {
      await people.seed.knownFilm(await people.seed.film({ credits }))
    }
    expect(await editing.deletePerson.refused({ id, version: 1 })).toMatchObject({
      ...{ code: 'CONFLICT', argument: ['force'] },
      message: expect.stringContaining('linked to 2 films') as string,
    })
    expect(await editing.announced()).toEqual([])
  })

  it('takes the credits with it when it is forced, and nobody else’s', async () => {
    const [id, other] = [await people.seed.person(), await people.seed.person()]
    const films = await Promise.all(
      [1, 2].map(() =>
        people.seed.film({
          credits: [
            { personId: id, role: 'ACTOR', order: 1, character: 'Maria' },
            { personId: other, role: 'ACTOR', order: 2 },
            { personId: id, role: 'WRITER', order: 3 },
          ],
        }),
      ),
    )
    expect(await editing.deletePerson.done({ id, version: 1, force: true })).toMatchObject({ id })
    const events = await editing.announced()
    expect(events[0]).toMatchObject({ event: 'person.changed.v1', change: 'DELETED' })
    expect(events.slice(1).map(({ filmId }) => filmId)).toEqual(films.toSorted())
    for (const filmId of films) {
      expect(events).toContainEqual({ event: 'film.linked.v1', filmId, links: ['CREDITS'] })
      expect(await editing.creditsOf(filmId)).toMatchObject([{ personId: other }])
      expect((await editing.history('Film', filmId)).edges.map(({ node }) => node)).toMatchObject([
        {
          ...{ version: 1, action: 'PERSON_DELETED' },
          changes: [
            { field: `credits.${id}.ACTOR`, before: '["Maria"]', after: null },
            { field: `credits.${id}.WRITER`, before: '[null]', after: null },
          ],
        },
      ])
    }
  })

  it('is not kept from it by films that were deleted, and takes the credits from them too', async () => {
    const id = await people.seed.person()
    const filmId = await people.seed.film({ credits: [{ personId: id, role: 'ACTOR', order: 1 }] })
    await people.seed.knownFilm(filmId)
    const deletedAt = new Date()
    await people.postgres.prisma.film.update({ where: { id: filmId }, data: { deletedAt } })
    expect(await editing.deletePerson.done({ id, version: 1 })).toMatchObject({ id })
    expect(await editing.creditsOf(filmId)).toEqual([])
    const links = await people.postgres.prisma.filmLinks.findUnique({ where: { filmId } })
    expect(links).toMatchObject({ version: 1 })
  })

  it('takes nobody from more films than one transaction may hold, and says how many they are', async () => {
    const id = await people.seed.person()
    const credit = { personId: id, role: 'ACTOR', billingOrder: 1 } as const
    const credits = Array.from({ length: 5_001 }, () => ({
      ...{ id: randomUUID(), filmId: randomUUID() },
      ...credit,
    }))
    await people.postgres.prisma.credit.createMany({ data: credits })
    const deletion = { id, version: 1, force: true }
    expect(await editing.deletePerson.refused(deletion)).toMatchObject({
      code: 'CONFLICT',
      message:
        'The person is linked to 5001 films, and is taken from 5000 at most: unlink others first.',
    })
    const { id: first } = credits[0]!
    await people.postgres.prisma.credit.delete({ where: { id: first } })
    expect(await editing.deletePerson.done(deletion)).toMatchObject({ id })
  })

  it('does nothing to who was edited meanwhile', async () => {
    const id = await people.seed.person()
    await editing.updatePerson.done({ id, version: 1, input: { slug: `other-${id}` } })
    const { current } = await editing.deletePerson.done({ id, version: 1, force: true })
    expect(current).toMatchObject({ id, version: 2 })
    expect(await row(id)).toMatchObject({ version: 2 })
  })
})
