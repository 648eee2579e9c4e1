import { randomUUID } from 'node:crypto'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Viewer } from '@cinegraph/kit/identity'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
  isObjectType,
  isUnionType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'
import { selectAll } from './selections.js'

const HIDDEN = {
  role: { id: randomUUID(), slug: 'orlac', title: 'The Hands of Orlac' },
  draft: { id: randomUUID(), slug: 'caligari', title: 'The Cabinet of Caligari' },
}
const known = { person: '', genre: '', ghostPerson: '', ghostGenre: '' }

/**
 * Arguments for every field through which a film or a number of films can reach a client. A field that is not here fails the
 * first test below: give it arguments under which each of the hidden films would show if it leaked.
 */
const CASES: Readonly<Record<string, () => readonly string[]>> = {
  'Query.film': () => [
    ...Object.values(HIDDEN).map(({ id }) => `id: "${id}"`),
    ...Object.values(HIDDEN).map(({ slug }) => `slug: "${slug}"`),
  ],
  'Query.films': () => [
    'first: 100',
    'sort: { field: TITLE }',
    'sort: { field: EXTERNAL_RATING, direction: DESC }, language: RU',
    `filter: { genreIds: ["${known.ghostGenre}"] }`,
    `filter: { persons: [{ id: "${known.ghostPerson}" }] }`,
    'sort: { field: RANDOM, seed: 7 }, first: 100',
    `filter: { allGenreIds: ["${known.genre}", "${known.ghostGenre}"] }`,
    'filter: { excludedCountries: ["US"], ageRatingTo: 18 }',
    'filter: { countries: ["AT"], ageRatings: [18], yearFrom: 1920, yearTo: 1924, ratingFrom: 9 }',
  ],
  'Query.searchFilms': () => [
    ...['', 'veidt', 'asylum', 'orlac', 'caligary', 'калигари', 'щкдфс', 'orlac 1924', '1924'].map(
      (text) => `text: "${text}"`,
    ),
    'text: "\\"hands of orlac\\""',
    `text: "", filter: { genreIds: ["${known.genre}"] }`,
    `text: "", filter: { countries: ["AT"] }`,
  ],
  'Query.suggest': () => [
    'prefix: "orl"',
    'prefix: "орл"',
    'prefix: "o"',
    'prefix: "calig"',
    'prefix: "the", limit: 2',
  ],
  'Film.*': () => Object.values(HIDDEN).map(({ id }) => id),
  'Person.films': () => ['', 'role: ACTOR', 'sort: { field: TITLE }'],
  'Genre.films': () => ['', 'sort: { field: TITLE }'],
  'Genre.filmCount': () => [''],
}

interface Operation {
  readonly name: string
  readonly query: string
}

const entityNames = (schema: GraphQLSchema) => {
  const entity = schema.getType('_Entity')
  if (!isUnionType(entity)) throw new Error('the schema has no entities')
  return entity.getTypes()
}

/** `Type.field` of every way into the schema; entities of this subgraph as a whole, of others by what is added to them. */
function waysIn(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const fieldsOf = (type: GraphQLObjectType) =>
    Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
  return [
    ...roots.filter(isObjectType).flatMap(fieldsOf),
    ...entityNames(schema).flatMap((it) => (it.name === 'Film' ? ['Film.*'] : fieldsOf(it))),
  ].filter((it) => !it.startsWith('Query._') && !it.endsWith('.id'))
}

function operationsOf(schema: GraphQLSchema): Operation[] {
  const ids: Readonly<Record<string, () => readonly string[]>> = {
    Person: () => [known.person, known.ghostPerson],
    Genre: () => [known.genre, known.ghostGenre],
  }
  const entity = (typename: string, id: string, selection: string) =>
    `{ _entities(representations: [{ __typename: "${typename}", id: "${id}" }]) { ... on ${typename} ${selection} } }`
  return Object.entries(CASES).flatMap(([coordinate, variants]) => {
    const [owner, field] = coordinate.split('.') as [string, string]
    const type = schema.getType(owner) as GraphQLObjectType
    return variants().flatMap((args): Operation[] => {
      if (field === '*') return [{ name: coordinate, query: entity(owner, args, selectAll(type)) }]
      const result = getNamedType(type.getFields()[field]!.type)
      const selected = `${field}${args && `(${args})`} ${selectAll(result)}`
      if (owner === 'Query') return [{ name: `${coordinate}(${args})`, query: `{ ${selected} }` }]
      return ids[owner]!().map((id, index) => ({
        name: `${coordinate}(${args}) of ${owner} ${index + 1}`,
        query: entity(owner, id, `{ ${selected} }`),
      }))
    })
  })
}

const OUTSIDERS: Readonly<Record<string, Viewer>> = {
  anonymous: ANONYMOUS,
  'a user': asUser(),
  'a user with another role and permission': asUser({
    roles: ['user', 'curator'],
    permissions: ['films:write'],
  }),
}
const subscriber = asUser({ roles: ['subscriber'] })
const editor = asUser({ roles: ['editor'], permissions: ['films:read-hidden'] })

let films: Films
let schema: GraphQLSchema
let operations: Operation[]
/** What outsiders are answered in a catalogue that never had the hidden films. */
let before: Map<string, unknown>
let withHidden: Subgraph

async function answersOf(subgraph: Subgraph, as: Viewer): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>()
  for (const { name, query } of operations) {
    answers.set(name, expectData(await execute(subgraph, { query, as })))
  }
  return answers
}

beforeAll(async () => {
  films = await openFilms()
  const { seed } = films
  const introspection = await execute<IntrospectionQuery>(films.subgraph, {
    query: getIntrospectionQuery(),
  })
  schema = buildClientSchema(expectData(introspection))
  const krauss = await seed.person({ en: 'Werner Krauss' })
  const veidt = await seed.person({ en: 'Conrad Veidt' })
  const horror = await seed.genre('horror', { en: 'Horror' })
  const noir = await seed.genre('noir', { en: 'Noir' })
  Object.assign(known, { person: krauss.id, ghostPerson: veidt.id })
  Object.assign(known, { genre: horror.id, ghostGenre: noir.id })
  for (const title of ['The Golem', 'The Student of Prague', 'Waxworks']) {
    const credits = [{ person: krauss, role: 'ACTOR' as const }]
    await seed.film({ title: { en: title }, releaseDate: '1922-01-01', genres: [horror], credits })
  }
  operations = operationsOf(schema)
  before = await answersOf(await films.openUncached(), ANONYMOUS)

  const hide = ({ title, ...film }: (typeof HIDDEN)['role']) => ({
    ...film,
    title: { en: title },
    description: { en: 'In an asylum.' },
    releaseDate: '1924-09-24',
    countries: ['AT'],
    ageRating: 18,
    externalRating: 9.9,
    genres: [horror, noir],
    credits: [
      { person: veidt, role: 'ACTOR' as const },
      { person: krauss, role: 'ACTOR' as const },
    ],
  })
  const behindRole = { requiredRole: 'subscriber', hiddenWithoutRole: true }
  await seed.film({ ...hide(HIDDEN.role), ...behindRole })
  await seed.film({ ...hide(HIDDEN.draft), status: 'DRAFT' })
  withHidden = await films.openUncached()
})

it('covers every field of the schema that can give a film or a count of films', () => {
  expect(waysIn(schema).sort()).toEqual(Object.keys(CASES).sort())
})

describe('a hidden film', () => {
  it('changes every answer for an editor, so that a leak could be seen', async () => {
    const answers = await answersOf(withHidden, editor)
    const unchanged = operations.filter(
      ({ name }) => JSON.stringify(answers.get(name)) === JSON.stringify(before.get(name)),
    )
    expect(unchanged).toEqual([])
  })

  it('is there for those with its role, who see no draft', async () => {
    const answers = JSON.stringify([...(await answersOf(withHidden, subscriber)).values()])
    expect(answers).toContain(HIDDEN.role.id)
    expect(answers).toContain(HIDDEN.role.title)
    expect(answers).not.toContain(HIDDEN.draft.id)
    expect(answers).not.toContain(HIDDEN.draft.title)
  })

  // after the tests above, so that what editors and subscribers read would be in the cache
  it.each(Object.entries(OUTSIDERS))('changes no answer for %s', async (_, viewer) => {
    const answers = await answersOf(withHidden, viewer)
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(before))
  })

  it('is shown nowhere from the moment it is hidden, while the index still follows', async () => {
    const id = await films.seed.film({ title: { en: 'Vanishing Lady' }, genres: [] })
    await films.postgres.prisma.film.update({ where: { id }, data: { status: 'ARCHIVED' } })
    const subgraph = await films.openUncached()
    const film = selectAll(schema.getType('Film')!)
    const query = `{
      film(id: "${id}") ${film}
      films(first: 100) { edges { node ${film} } }
      searchFilms(text: "vanishing") { edges { node ${film} highlights { fragments { text } } } }
      suggest(prefix: "vanish") { text }
    }`
    const seen = async (as: Viewer) =>
      JSON.stringify(expectData(await execute(subgraph, { query, as })))
    expect(await seen(editor)).toContain('Vanishing')
    expect(await seen(ANONYMOUS)).not.toContain('Vanishing')
    expect(await seen(ANONYMOUS)).not.toContain(id)
  })
})
