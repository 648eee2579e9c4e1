import { randomUUID } from 'node:crypto'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

const ONE = /* GraphQL */ `
  query ($id: ID, $slug: String) {
    person(id: $id, slug: $slug) {
      id
      slug
      name
      ru: name(language: RU)
      birthDate
      deathDate
      biography
      biographyRu: biography(language: RU)
    }
  }
`

const REFERENCES = /* GraphQL */ `
  query ($persons: [_Any!]!) {
    _entities(representations: $persons) {
      ... on Person {
        slug
      }
    }
  }
`

let people: People
let keatonId: string
beforeAll(async () => {
  people = await openPeople()
  keatonId = await people.seed.person({
    slug: 'buster-keaton',
    name: { en: 'Buster Keaton', ru: 'Бастер Китон' },
    biography: { en: 'The Great Stone Face.' },
    birthDate: '1895-10-04',
    deathDate: '1966-02-01',
  })
})

const one = (variables: Readonly<Record<string, unknown>>) =>
  execute<{ person: object | null }>(people.subgraph, { query: ONE, variables })

describe('person', () => {
  it('is called by its slug where it has no name in any language', async () => {
    await people.seed.person({ slug: 'lost-player', name: {} })
    expect(expectData(await one({ slug: 'lost-player' })).person).toMatchObject({
      name: 'lost-player',
      ru: 'lost-player',
      biography: null,
    })
  })

  it('is found by id, with every field', async () => {
    expect(expectData(await one({ id: keatonId })).person).toEqual({
      id: keatonId,
      slug: 'buster-keaton',
      name: 'Buster Keaton',
      ru: 'Бастер Китон',
      birthDate: '1895-10-04',
      deathDate: '1966-02-01',
      biography: 'The Great Stone Face.',
      biographyRu: 'The Great Stone Face.',
    })
  })

  it('is found by slug', async () => {
    expect(expectData(await one({ slug: 'buster-keaton' })).person).toMatchObject({ id: keatonId })
  })

  it('may be known by name alone, and in one language', async () => {
    const id = await people.seed.person({ name: { ru: 'Неизвестный' } })
    expect(expectData(await one({ id })).person).toMatchObject({
      name: 'Неизвестный',
      birthDate: null,
      deathDate: null,
      biography: null,
    })
  })

  it.each([
    ['an unknown id', { id: randomUUID() }],
    ['an unknown slug', { slug: 'nobody' }],
    ['no id at all', { id: "1'; DROP TABLE person" }],
    ['a slug that no database can hold', { slug: 'nul\u0000' }],
  ])('is null for %s', async (_, variables) => {
    expect(expectData(await one(variables)).person).toBeNull()
  })

  it.each([
    ['neither', {}],
    ['both', { id: randomUUID(), slug: 'buster-keaton' }],
  ])('refuses %s of id and slug', async (_, variables) => {
    expect(expectError(await one(variables)).extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('references to persons', () => {
  const referencesTo = async (ids: readonly string[]) => {
    const persons = ids.map((id) => ({ __typename: 'Person', id }))
    const variables = { persons }
    return expectData(await execute(people.subgraph, { query: REFERENCES, variables }))
  }

  it('are answered in order, null where there is nobody', async () => {
    const ids = [randomUUID(), keatonId.toUpperCase(), 'nonsense', keatonId]
    const keaton = { slug: 'buster-keaton' }
    expect(await referencesTo(ids)).toEqual({ _entities: [null, keaton, null, keaton] })
  })

  it('cost as many statements for many as for few', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => people.seed.person()))
    const cost = async (count: number) => {
      const statements = people.countStatements()
      await referencesTo(ids.slice(0, count))
      return statements()
    }
    const few = await cost(5)
    expect(few).toBeGreaterThan(0)
    expect(await cost(50)).toBe(few)
  })
})
