import { expect, it } from 'vitest'
import { editingOf, named } from './editing.js'
import { openPeople } from './people.js'

const WRITERS = 8
const EDITS_EACH = 20

/** The same numbers in every run, between 0 and 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

it('writers who link, unlink, merge and delete at once never meet in a circle, and lose nothing', async () => {
  const people = await openPeople()
  const editing = editingOf(people)
  const { prisma } = people.postgres
  const { seed } = people
  const films = await Promise.all(Array.from({ length: 12 }, () => seed.knownFilm()))
  for (let it = 0; it < 24; it++) await seed.person()
  for (let it = 0; it < 4; it++) {
    await seed.genre({ slug: `genre-${it}`, name: { en: `Genre ${it}` } })
  }

  const persons = () => prisma.person.findMany({ select: { id: true, version: true } })
  const genres = () => prisma.genre.findMany({ select: { id: true, version: true } })

  async function edit(random: () => number): Promise<unknown> {
    const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
    const someOf = <T>(items: readonly T[]): T[] => items.filter(() => random() < 0.4)
    const kind = random()
    if (kind < 0.55) {
      const filmId = oneOf(films)
      const [there, kinds] = [await persons(), await genres()]
      const version = (await prisma.filmLinks.findUnique({ where: { filmId } }))?.version ?? 0
      const credits = someOf(there).map(({ id }) => ({ personId: id, role: 'ACTOR' }))
      const genreIds = someOf(kinds).map(({ id }) => id)
      const input = random() < 0.5 ? { credits: credits.toReversed() } : { credits, genreIds }
      return editing.setFilmLinks.tried({ filmId, version, input })
    }
    if (kind < 0.7) {
      const there = await persons()
      const [{ id, version }, merged] = [oneOf(there), oneOf(there)]
      const input = { id, version, mergedId: merged.id, mergedVersion: merged.version }
      return editing.mergePersons.tried({ input })
    }
    if (kind < 0.8) return editing.deletePerson.tried({ ...oneOf(await persons()), force: true })
    if (kind < 0.85) return editing.deleteGenre.tried({ ...oneOf(await genres()), force: true })
    if (kind < 0.9) return editing.createGenre.tried({ input: named('Genre') })
    return editing.createPerson.tried({ input: named('Person') })
  }

  const codes = new Set<unknown>()
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const random = randomOf(writer)
      for (let it = 0; it < EDITS_EACH; it++) codes.add(await edit(random))
    }),
  )
  // somebody merged or deleted what another had just read
  const expected = [undefined, 'BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT']
  expect([...codes].filter((code) => !expected.includes(code as undefined))).toEqual([])

  const credits = await prisma.credit.findMany()
  const said = credits.map((it) => [it.filmId, it.personId, it.role, it.character].join(' '))
  expect(said.toSorted()).toEqual([...new Set(said)].toSorted())
  const audit = await prisma.peopleAudit.findMany({ where: { kind: 'FILM_LINKS' } })
  expect(audit.length).toBeGreaterThan(WRITERS * EDITS_EACH * 0.2)
  const events = await editing.announced()
  for (const filmId of films) {
    const entries = audit.filter(({ id }) => id === filmId)
    // every edit of the film was entered once, and told once
    const row = await prisma.filmLinks.findUnique({ where: { filmId } })
    expect(entries.length).toBe(row?.version ?? 0)
    expect(events.filter((it) => it['filmId'] === filmId)).toHaveLength(entries.length)
  }
})
