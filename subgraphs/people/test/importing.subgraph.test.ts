import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { CreditRepository } from '@cinegraph/people/credits/credit.repository'
import { GenreRepository } from '@cinegraph/people/genres/genre.repository'
import { PeopleContentRepository } from '@cinegraph/people/importing/people-content.repository'
import { PeopleImportRepository } from '@cinegraph/people/importing/people-import.repository'
import { PersonRepository } from '@cinegraph/people/persons/person.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'

const TOLD = { told: true }
const UNTOLD = { told: false }

let prisma: Postgres['prisma']
let imports: PeopleImportRepository
beforeAll(async () => {
  ;({ prisma } = await openTestPostgres())
  imports = new PeopleImportRepository(prisma)
})

const personOf = (en: string) => ({
  id: randomUUID() as string,
  fields: { slug: `person-${randomUUID()}`, name: { en } },
})
const genreOf = (en: string) => ({
  id: randomUUID() as string,
  fields: { slug: `genre-${randomUUID()}`, name: { en }, description: { en: `${en} films.` } },
})
const auditOf = (id: string) =>
  prisma.peopleAudit.findMany({
    where: { id },
    orderBy: { version: 'asc' },
    select: { kind: true, version: true, action: true, userId: true, changes: true },
  })
const eventsOf = async (key: string) => {
  const rows = await prisma.outboxRow.findMany({ where: { key }, orderBy: { id: 'asc' } })
  return rows.map(({ value }) => JSON.parse(value) as unknown)
}

describe('an import of persons', () => {
  const lifeOf = { birthDate: '1895-10-04', deathDate: '1966-02-01' }

  it('brings them in whole, and changes nothing when it is repeated', async () => {
    const keaton = personOf('Buster Keaton')
    const fields = {
      ...{ ...keaton.fields, ...lifeOf, biography: { en: 'The Great Stone Face.' } },
      name: { en: 'Buster Keaton', ru: 'Бастер Китон' },
    }
    for (const kind of ['CREATED', 'UNCHANGED']) {
      const outcomes = await imports.writePersons([{ id: keaton.id, fields }], TOLD)
      expect(outcomes).toMatchObject([{ kind }])
      expect(await auditOf(keaton.id)).toHaveLength(1)
    }
    const found = await new PersonRepository(prisma).findByIds([keaton.id])
    expect(found.get(keaton.id)).toMatchObject({ id: keaton.id, ...fields })
    expect(await eventsOf(keaton.id)).toEqual([
      { personId: keaton.id, version: 1, change: 'CREATED' },
    ])
  })

  it('changes what it names, tells who was renamed, and takes away what is null', async () => {
    const { id, fields } = personOf('Josef Keaton')
    await imports.writePersons([{ id, fields: { ...fields, ...lifeOf } }], TOLD)
    await imports.writePersons([{ id, fields: { name: { en: null, ru: 'Китон' } } }], TOLD)
    await imports.writePersons([{ id, fields: { birthDate: null } }], TOLD)
    expect(await auditOf(id)).toMatchObject([
      { kind: 'PERSON', version: 1, action: 'IMPORTED', userId: null },
      {
        version: 2,
        changes: [
          { field: 'name.en', before: 'Josef Keaton', after: null },
          { field: 'name.ru', before: null, after: 'Китон' },
        ],
      },
      { version: 3, changes: [{ field: 'birthDate', before: '1895-10-04', after: null }] },
    ])
    expect(await eventsOf(id)).toMatchObject([
      ...[{ change: 'CREATED' }, { change: 'RENAMED', version: 2 }, { change: 'EDITED' }],
    ])
  })

  it.each([
    ['name', { name: {} }],
    ['biography.ru', { biography: { ru: 'Актёр.' } }],
    ['deathDate', { birthDate: '1966-02-01', deathDate: '1895-10-04' }],
    ['slug', { slug: undefined }],
  ])('refuses one whose %s is wrong and takes the others', async (field, wrong) => {
    const [bad, good] = [personOf('Bad'), personOf('Good')]
    const refused = { ...bad, fields: { ...bad.fields, ...wrong } }
    expect(await imports.writePersons([refused, good], TOLD)).toMatchObject([
      { kind: 'REFUSED', problems: [{ field }] },
      { kind: 'CREATED' },
    ])
    expect(await new PersonRepository(prisma).findByIds([bad.id])).toEqual(new Map())
  })

  it('finds who stayed by the slug of who was merged', async () => {
    const { id, fields } = personOf('Buster')
    await imports.writePersons([{ id, fields }], UNTOLD)
    const slug = `merged-${randomUUID()}`
    await prisma.personRedirect.create({ data: { id: randomUUID(), slug, personId: id } })
    const finder = new PeopleContentRepository(prisma)
    const found = { id, slugs: [fields.slug, slug] }
    expect(await finder.findPersons([slug, fields.slug, 'nobody'])).toEqual(
      new Map([
        [slug, found],
        [fields.slug, found],
      ]),
    )
  })
})

describe('an import of genres', () => {
  it('writes over what has the same id', async () => {
    const genre = genreOf('Noir')
    await imports.writeGenres([genre, genreOf('War')], TOLD)
    const changed = { slug: 'film-noir', name: { en: 'Film noir' }, description: { en: null } }
    await imports.writeGenres([{ id: genre.id, fields: changed }], TOLD)
    expect(await new GenreRepository(prisma).findAll()).toContainEqual({
      id: genre.id,
      ...changed,
      description: {},
      version: 2,
    })
    expect(await auditOf(genre.id)).toMatchObject([{ kind: 'GENRE' }, { version: 2 }])
    expect(await eventsOf(genre.id)).toMatchObject([{ change: 'CREATED' }, { change: 'RENAMED' }])
  })
})

describe('an import of what belongs to films', () => {
  it('sets it to that given, in its order, and leaves other films alone', async () => {
    const [lang, lorre] = [personOf('Fritz Lang'), personOf('Peter Lorre')]
    const [crime, thriller] = [genreOf('Crime'), genreOf('Thriller')]
    await imports.writePersons([lang, lorre], UNTOLD)
    await imports.writeGenres([crime, thriller], UNTOLD)
    const [film, other] = [randomUUID(), randomUUID()] as const
    const directed = { personId: lang.id, role: 'DIRECTOR', character: null } as const
    const played = { personId: lorre.id, role: 'ACTOR', character: 'Hans' } as const
    const first = { genres: [crime.id], credits: [played] }
    const creditsOf = async () =>
      new CreditRepository(prisma).findSlices(
        [film, other].map((filmId) => ({
          filmId,
          roles: ['ACTOR', 'DIRECTOR'],
          after: 0,
          limit: 10,
        })),
      )

    await imports.writeLinks(
      [film, other].map((id) => ({ id, fields: first })),
      TOLD,
    )
    const [[hans]] = (await creditsOf()) as [[{ id: string }], unknown]
    const changed = { genres: [thriller.id, crime.id], credits: [directed, played] }
    const outcomes = await imports.writeLinks(
      [
        { id: film, fields: changed },
        { id: other, fields: { genres: [crime.id] } },
      ],
      TOLD,
    )
    expect(outcomes).toMatchObject([{ kind: 'CHANGED' }, { kind: 'UNCHANGED' }])
    expect(await creditsOf()).toMatchObject([
      [
        { ...directed, order: 1 },
        // who was there keeps the id
        { ...played, id: hans.id, order: 2 },
      ],
      [{ ...played, order: 1 }],
    ])
    expect(await new GenreRepository(prisma).findIdsByFilms([film, other])).toEqual(
      new Map([
        [film, [thriller.id, crime.id]],
        [other, [crime.id]],
      ]),
    )
    expect(await auditOf(film)).toMatchObject([
      { kind: 'FILM_LINKS', version: 1 },
      {
        version: 2,
        changes: [
          { field: 'credits', before: [played], after: [directed, played] },
          { field: 'genres', before: [crime.id], after: [thriller.id, crime.id] },
        ],
      },
    ])
    expect(await eventsOf(film)).toEqual([
      { filmId: film, links: ['CREDITS', 'GENRES'] },
      { filmId: film, links: ['CREDITS', 'GENRES'] },
    ])
    expect(await eventsOf(other)).toHaveLength(1)
  })

  it('is compared without being written', async () => {
    const { id, fields } = genreOf('Silent')
    await imports.writeGenres([{ id, fields }], UNTOLD)
    const film = randomUUID()
    const links = [{ id: film, fields: { genres: [id] } }]
    expect(await imports.compareLinks(links)).toMatchObject([{ kind: 'CHANGED' }])
    expect(await prisma.filmGenre.count({ where: { filmId: film } })).toBe(0)
  })

  it('of a film that has nothing is nothing', async () => {
    const links = [{ id: randomUUID(), fields: { genres: [], credits: [] } }]
    expect(await imports.writeLinks(links, TOLD)).toEqual([{ kind: 'UNCHANGED' }])
  })
})
