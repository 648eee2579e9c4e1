import { randomUUID } from 'node:crypto'
import { projectPerson } from '@cinegraph/indexer/project'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { editingOf, editor, named } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
})
beforeEach(() => editing.announced())

const merge = (
  id: string,
  mergedId: string,
  versions: { version?: number; merged?: number } = {},
) => editing.mergePersons.done({ input: inputOf(id, mergedId, versions) })
const inputOf = (id: string, mergedId: string, { version = 1, merged = 1 } = {}) => ({
  ...{ id, version, mergedId, mergedVersion: merged },
})

/** Whom a key leads to: the id and the slug as `person` and `_entities` find them. */
async function found(by: { id?: string; slug?: string }): Promise<string | undefined> {
  const query = `query ($id: ID, $slug: String) { person(id: $id, slug: $slug) { id } }`
  const answer = await execute<{ person: { id: string } | null }>(people.subgraph, {
    ...{ query, variables: by },
  })
  return expectData(answer).person?.id
}
async function referenced(ids: readonly string[]): Promise<unknown[]> {
  const query = `query ($persons: [_Any!]!) {
    _entities(representations: $persons) { ... on Person { id slug } }
  }`
  const persons = ids.map((id) => ({ __typename: 'Person', id }))
  const answer = await execute<{ _entities: unknown[] }>(people.subgraph, {
    ...{ query, variables: { persons } },
  })
  return expectData(answer)._entities
}

describe('a merge', () => {
  it('moves credits, folds those that say the same, and leaves others alone', async () => {
    const { seed } = people
    const [kept, merged, other] = [await seed.person(), await seed.person(), await seed.person()]
    const maria = { role: 'ACTOR', character: 'Maria' } as const
    const shared = await seed.film({
      credits: [
        { personId: merged, order: 1, ...maria },
        { personId: other, order: 2, ...maria },
        { personId: kept, order: 3, role: 'WRITER' },
        { personId: kept, order: 4, ...maria },
        { personId: merged, order: 5, role: 'ACTOR', character: 'Robot' },
        { personId: merged, order: 6, role: 'ACTOR' },
      ],
    })
    const own = await seed.film({ credits: [{ personId: merged, order: 1, role: 'DIRECTOR' }] })
    const untouched = await seed.film({ credits: [{ personId: kept, order: 1, role: 'PRODUCER' }] })
    const before = await editing.creditsOf(shared)

    expect(await merge(kept, merged)).toMatchObject({ id: kept, version: 2 })
    const after = await editing.creditsOf(shared)
    expect(after).toMatchObject([
      { personId: kept, role: 'ACTOR', character: 'Maria' },
      { personId: other, role: 'ACTOR', character: 'Maria' },
      { personId: kept, role: 'WRITER', character: null },
      { personId: kept, role: 'ACTOR', character: 'Robot' },
      { personId: kept, role: 'ACTOR', character: null },
    ])
    // of two that say the same the first in billing stays
    expect(after.map(({ id }) => id)).toEqual([0, 1, 2, 4, 5].map((index) => before[index]!.id))
    expect(await editing.creditsOf(own)).toMatchObject([{ personId: kept, role: 'DIRECTOR' }])

    const events = await editing.announced()
    expect(events.slice(0, 2)).toEqual([
      { event: 'person.changed.v1', personId: merged, version: 2, change: 'DELETED' },
      { event: 'person.merged.v1', personId: kept, version: 2, mergedPersonId: merged },
    ])
    const linked = (filmId: string) => ({ event: 'film.linked.v1', filmId, links: ['CREDITS'] })
    expect(new Set(events.slice(2))).toEqual(new Set([linked(shared), linked(own)]))
    expect((await editing.history('Film', untouched)).totalCount).toBe(0)
    const { node } = (await editing.history('Film', own)).edges[0]!
    expect(node).toMatchObject({
      ...{ version: 1, action: 'PERSON_MERGED' },
      changes: expect.arrayContaining([
        { field: `credits.${merged}.DIRECTOR`, before: '[null]', after: null },
        { field: `credits.${kept}.DIRECTOR`, before: null, after: '[null]' },
      ]) as unknown,
    })
  })

  it('takes over what the one who stays lacks, and nothing else', async () => {
    const kept = await people.seed.person({ name: { en: 'Fritz Lang' } })
    const merged = await people.seed.person({
      name: { en: 'Friedrich Lang', ru: 'Фриц Ланг' },
      biography: { en: 'A life.', ru: 'Жизнь.' },
      birthDate: '1890-12-05',
    })
    expect(await merge(kept, merged)).toMatchObject({ name: 'Fritz Lang' })
    const query = `query ($id: ID!) {
      person(id: $id) { ru: name(language: RU) biography biographyRu: biography(language: RU) birthDate }
    }`
    const answer = await execute(people.subgraph, { query, variables: { id: kept } })
    expect(expectData(answer).person).toEqual({
      ...{ ru: 'Фриц Ланг', biography: 'A life.', biographyRu: 'Жизнь.', birthDate: '1890-12-05' },
    })
    expect(await editing.announced()).toMatchObject([
      { personId: merged, change: 'DELETED' },
      { event: 'person.changed.v1', personId: kept, version: 2, change: 'RENAMED' },
      { event: 'person.merged.v1' },
    ])
    const { node } = (await editing.history('Person', kept)).edges[0]!
    expect(node).toMatchObject({ version: 2, action: 'MERGED', by: { id: editor.id } })
    expect(node.changes).toContainEqual({
      ...{ field: 'name.ru', before: null, after: '"Фриц Ланг"' },
    })
    expect(node.changes).toContainEqual({
      ...{ field: 'mergedPerson', before: null, after: `"${merged}"` },
    })
  })

  it('does not make a life of the dates of two', async () => {
    const kept = await people.seed.person({ birthDate: '1950-01-01' })
    const merged = await people.seed.person({ birthDate: '1890-12-05', deathDate: '1940-01-01' })
    await merge(kept, merged)
    const row = await people.postgres.prisma.person.findUnique({ where: { id: kept } })
    expect(row).toMatchObject({ birthDate: new Date('1950-01-01'), deathDate: null })
  })

  it('loses none of 2,000 credits each, and has none twice, in a bounded number of statements', async () => {
    const { prisma } = people.postgres
    const [kept, merged] = [await people.seed.person(), await people.seed.person()]
    // films 0 to 1,999 are of the one, 1,000 to 2,999 of the other; every second of the shared credits says the same
    const films = Array.from({ length: 3_000 }, () => randomUUID())
    const creditsOf = (personId: string, from: number, order: number) =>
      films.slice(from, from + 2_000).map((filmId, index) => ({
        ...{ id: randomUUID(), filmId, personId, role: 'ACTOR' as const, billingOrder: order },
        character: (from + index) % 2 === 0 ? 'The same' : personId,
      }))
    const given = [...creditsOf(kept, 0, 1), ...creditsOf(merged, 1_000, 2)]
    await prisma.credit.createMany({ data: given })
    const queries = people.countQueries()
    await merge(kept, merged)
    expect(queries()).toBeLessThan(40)

    const after = await prisma.credit.findMany({ where: { filmId: { in: films } } })
    const keys = (credits: readonly { filmId: string; character: string | null }[]) =>
      credits.map(({ filmId, character }) => `${filmId} ${character}`).toSorted()
    expect(new Set(after.map(({ personId }) => personId))).toEqual(new Set([kept]))
    expect(keys(after)).toEqual([...new Set(keys(given))])
    expect(after).toHaveLength(3_500)

    const events = await editing.announced()
    const told = events.filter(({ event }) => event === 'film.linked.v1')
    expect(told.map(({ filmId }) => filmId)).toEqual(films.slice(1_000).toSorted())
    const versions = await prisma.filmLinks.findMany({ where: { filmId: { in: films } } })
    expect(versions.map(({ version }) => version)).toEqual(versions.map(() => 1))
    expect(versions).toHaveLength(2_000)
  })

  it.each([
    ['who stays', { version: 7 }],
    ['who goes', { merged: 7 }],
  ])('does nothing when %s was edited meanwhile, and shows that one', async (who, versions) => {
    const [kept, merged] = [await people.seed.person(), await people.seed.person()]
    const { current } = await merge(kept, merged, versions)
    expect(current).toMatchObject({ id: who === 'who stays' ? kept : merged, version: 1 })
    expect(await found({ id: merged })).toBe(merged)
    expect(await editing.announced()).toEqual([])
  })

  it('refuses one person, unknown ones, and who was merged already', async () => {
    const { seed } = people
    const [kept, merged, other] = [await seed.person(), await seed.person(), await seed.person()]
    await merge(kept, merged)
    await editing.announced()
    const refused = async (id: string, mergedId: string) => {
      const { code, argument } = await editing.mergePersons.refused({
        ...{ input: inputOf(id, mergedId) },
      })
      return [code, argument?.join('.')]
    }
    const none = randomUUID()
    expect(await refused(other, other.toUpperCase())).toEqual(['BAD_USER_INPUT', 'input.mergedId'])
    expect(await refused(none, other)).toEqual(['NOT_FOUND', 'input.id'])
    expect(await refused(other, 'nobody')).toEqual(['NOT_FOUND', 'input.mergedId'])
    expect(await refused(other, merged)).toEqual(['CONFLICT', 'input.mergedId'])
    expect(await refused(merged, other)).toEqual(['CONFLICT', 'input.id'])
    expect(await editing.announced()).toEqual([])
  })
})

describe('who was merged', () => {
  it('leads to who stays, also after further merges', async () => {
    const { seed } = people
    const [first, second, third] = [await seed.person(), await seed.person(), await seed.person()]
    await merge(second, first)
    expect(await found({ id: first })).toBe(second)
    expect(await found({ slug: `person-${first}` })).toBe(second)
    await merge(third, second, { merged: 2 })
    for (const id of [first, second, third]) {
      expect(await found({ id })).toBe(third)
      expect(await found({ slug: `person-${id}` })).toBe(third)
    }
    const who = { id: third, slug: `person-${third}` }
    expect(await referenced([second, randomUUID(), first, third])).toEqual([who, null, who, who])
  })

  it('is one with who stays in a search whose index does not know it yet', async () => {
    const { seed, search } = people
    const [kept, merged] = [await seed.person(), await seed.person()]
    const name = { en: 'Zbigniew Merged' }
    await search.upsert(
      'person',
      [kept, merged].map((id) => projectPerson({ id, name, birthDate: null }, 1)),
    )
    await merge(kept, merged)
    const query = `{ persons(text: "Zbigniew Merged") { edges { node { id } } } }`
    const answer = expectData(await execute(people.subgraph, { query }))
    expect(answer).toEqual({ persons: { edges: [{ node: { id: kept } }] } })
  })

  it('keeps the slug from others', async () => {
    const kept = await people.seed.person()
    const merged = await people.seed.person({ slug: 'merged-away' })
    await merge(kept, merged)
    const input = named('Merged Away')
    expect(await editing.createPerson.done({ input })).toMatchObject({ slug: 'merged-away-2' })
    const given = { ...input, slug: 'merged-away' }
    expect(await editing.createPerson.refused({ input: given })).toMatchObject({ code: 'CONFLICT' })
  })

  it('goes when who stays is deleted, and gives the slug back', async () => {
    const kept = await people.seed.person()
    const merged = await people.seed.person({ slug: 'given-back' })
    await merge(kept, merged)
    await editing.deletePerson.done({ id: kept, version: 2 })
    expect(await found({ id: merged })).toBeUndefined()
    const input = { slug: 'given-back', ...named('Somebody') }
    expect(await editing.createPerson.done({ input })).toMatchObject({ slug: 'given-back' })
  })
})
