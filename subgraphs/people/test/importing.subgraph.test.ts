import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { CreditRepository } from '@cinegraph/people/credits/credit.repository'
import { GenreRepository } from '@cinegraph/people/genres/genre.repository'
import { PeopleImportRepository } from '@cinegraph/people/importing/people-import.repository'
import { PersonRepository } from '@cinegraph/people/persons/person.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, describe, expect, it } from 'vitest'

let prisma: Postgres['prisma']
let imports: PeopleImportRepository
beforeAll(async () => {
  ;({ prisma } = await openTestPostgres())
  imports = new PeopleImportRepository(prisma)
})

const personOf = (en: string) => ({
  id: randomUUID(),
  slug: `person-${randomUUID()}`,
  name: { en },
  biography: {},
  birthDate: null,
  deathDate: null,
})
const genreOf = (en: string) => ({
  id: randomUUID(),
  slug: `genre-${randomUUID()}`,
  name: { en },
  description: { en: `${en} films.` },
})

describe('an import', () => {
  it('brings persons in whole, and the same when it is repeated', async () => {
    const keaton = {
      ...personOf('Buster Keaton'),
      name: { en: 'Buster Keaton', ru: 'Бастер Китон' },
      biography: { en: 'The Great Stone Face.' },
      birthDate: '1895-10-04',
      deathDate: '1966-02-01',
    }
    const nameless = { ...personOf('?'), name: {} }
    for (const _ of [1, 2]) await imports.writePersons([keaton, nameless])
    const persons = new PersonRepository(prisma)
    const found = await persons.findByIds([keaton.id, nameless.id])
    expect(found.get(keaton.id)).toMatchObject(keaton)
    expect(found.get(nameless.id)).toMatchObject(nameless)
  })

  it('writes over what has the same id', async () => {
    const genre = genreOf('Noir')
    await imports.writeGenres([genre, genreOf('War')])
    const changed = { ...genre, slug: 'film-noir', name: { en: 'Film noir' }, description: {} }
    await imports.writeGenres([changed])
    expect(await new GenreRepository(prisma).findAll()).toContainEqual(
      expect.objectContaining(changed),
    )
  })

  it('sets the links of its films to those given, in their order, and leaves other films alone', async () => {
    const [lang, lorre] = [personOf('Fritz Lang'), personOf('Peter Lorre')]
    const [crime, thriller] = [genreOf('Crime'), genreOf('Thriller')]
    await imports.writePersons([lang, lorre])
    await imports.writeGenres([crime, thriller])
    const [film, other] = [randomUUID(), randomUUID()]
    const directed = { personId: lang.id, role: 'DIRECTOR', character: null } as const
    const played = { personId: lorre.id, role: 'ACTOR', character: 'Hans' } as const
    const linksOf = (
      filmId: string,
      genreIds: string[],
      credits: (typeof directed | typeof played)[],
    ) => ({
      filmId,
      genreIds,
      credits: credits.map((credit) => ({ ...credit, id: randomUUID() })),
    })
    await imports.setFilmLinks([
      linksOf(film, [crime.id], [played]),
      linksOf(other, [crime.id], [played]),
    ])
    await imports.setFilmLinks([linksOf(film, [thriller.id, crime.id], [directed, played])])
    const slice = { roles: [], after: 0, limit: 10 }
    const credits = await new CreditRepository(prisma).findSlices(
      [film, other].map((filmId) => ({ ...slice, filmId })),
    )
    expect(credits).toMatchObject([
      [
        { ...directed, order: 1 },
        { ...played, order: 2 },
      ],
      [{ ...played, order: 1 }],
    ])
    expect(await new GenreRepository(prisma).findIdsByFilms([film, other])).toEqual(
      new Map([
        [film, [thriller.id, crime.id]],
        [other, [crime.id]],
      ]),
    )
  })
})
