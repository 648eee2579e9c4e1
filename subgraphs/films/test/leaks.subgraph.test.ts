import { randomUUID } from 'node:crypto'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Viewer } from '@cinegraph/kit/identity'
import { execute, type ExecuteResult, expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import {
  buildClientSchema,
  type FieldNode,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
  isObjectType,
  isUnionType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'
import { selectAll } from './selections.js'

const hiddenFilm = (slug: string, title: string) => ({
  ...{ slug, title },
  id: randomUUID(),
  episodeId: randomUUID(),
})
type HiddenFilm = ReturnType<typeof hiddenFilm>
const HIDDEN = {
  role: hiddenFilm('orlac', 'The Hands of Orlac'),
  draft: hiddenFilm('caligari', 'The Cabinet of Caligari'),
  scheduled: hiddenFilm('genuine', 'Genuine'),
  archived: hiddenFilm('raskolnikow', 'Raskolnikow'),
}
const DELETED = hiddenFilm('verlogene-moral', 'Torgus')
const ALL = [...Object.values(HIDDEN), DELETED]
/** Nobody has seen it, so an edit of it ends in a conflict, which shows the film, and changes nothing. */
const VERSION = 0
const known = { film: '', person: '', genre: '', ghostPerson: '', ghostGenre: '' }

/**
 * Arguments for every field through which a film or a number of films can reach a client. A field that is not here fails the
 * first test below: give it arguments under which each of the hidden films would show if it leaked.
 */
const CASES: Readonly<Record<string, () => readonly string[]>> = {
  'Query.film': () => [
    ...Object.values(HIDDEN).map(({ id }) => `id: "${id}"`),
    ...Object.values(HIDDEN).map(({ slug }) => `slug: "${slug}"`),
    // what it is similar to
    `id: "${known.film}"`,
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
    'filter: { seasonsFrom: 0 }',
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
  'Query.deletedFilms': () => [''],
  'Query.recommendedFilms': () => [
    '',
    `basedOn: ["${known.film}"]`,
    `basedOn: ${JSON.stringify(Object.values(HIDDEN).map(({ id }) => id))}`,
    `basedOn: ["${known.film}", "${HIDDEN.role.id}", "${HIDDEN.draft.id}"]`,
  ],
  // each has hidden some of them
  'Query.hiddenRecommendations': () => [''],
  'Film.*': () => Object.values(HIDDEN).map(({ id }) => id),
  'Episode.*': () => Object.values(HIDDEN).map(({ episodeId }) => episodeId),
  'Person.films': () => ['', 'role: ACTOR', 'sort: { field: TITLE }'],
  'Person.filmCount': () => [''],
  'Person.roles': () => [''],
  'Genre.films': () => ['', 'sort: { field: TITLE }'],
  'Genre.filmCount': () => [''],
  'Mutation.hideRecommendation': () => Object.values(HIDDEN).map(({ id }) => `filmId: "${id}"`),
  'Mutation.updateFilm': () => edits('input: { ageRating: 3 }'),
  'Mutation.publishFilm': () => edits(''),
  'Mutation.scheduleFilm': () => edits('publishAt: "2031-01-01T00:00:00Z"'),
  'Mutation.unpublishFilm': () => edits(''),
  'Mutation.archiveFilm': () => edits(''),
  'Mutation.deleteFilm': () => edits(''),
  'Mutation.restoreFilm': () => ALL.map(({ id }) => `id: "${id}", version: ${VERSION}`),
  'Mutation.saveSeason': () => seasonEdits('season: { number: 1, episodes: [] }'),
  'Mutation.deleteSeason': () => seasonEdits('number: 1'),
  'Mutation.editFilms': () => [
    `edits: [${ALL.map(({ id }) => `{ id: "${id}", version: ${VERSION}, action: RESTORE }`).join(' ')}]`,
  ],
}

/** Ways in that are refused to some: what they are refused with has to be the same for all that they may not see. */
const isGuarded = (coordinate: string) =>
  coordinate.startsWith('Mutation.') ||
  ['Query.deletedFilms', 'Query.hiddenRecommendations'].includes(coordinate)

/** What no film can be reached by, and why. */
const NO_WAY: Readonly<Record<string, string>> = {
  'Mutation.createFilm':
    'takes the id of no film; that a slug or an external id is taken, an editor has to know',
  'Mutation.unhideRecommendation':
    'answers with the id that it was given, whether there is such a film or not',
}

const edits = (other: string) =>
  Object.values(HIDDEN).map(({ id }) => `id: "${id}", version: ${VERSION} ${other}`)
const seasonEdits = (other: string) =>
  Object.values(HIDDEN).map(({ id }) => `filmId: "${id}", version: ${VERSION}, ${other}`)

interface Operation {
  readonly coordinate: string
  readonly name: string
  readonly query: string
}

const entityNames = (schema: GraphQLSchema) => {
  const entity = schema.getType('_Entity')
  if (!isUnionType(entity)) throw new Error('the schema has no entities')
  return entity.getTypes()
}

const OWN = ['Film', 'Episode']

const fieldsOf = (type: GraphQLObjectType): string[] =>
  Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)

/** `Type.field` of every way into the schema; entities of this subgraph as a whole, of others by what is added to them. */
function waysIn(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return [
    ...roots.filter(isObjectType).flatMap(fieldsOf),
    ...entityNames(schema).flatMap((it) =>
      OWN.includes(it.name) ? [`${it.name}.*`] : fieldsOf(it),
    ),
  ].filter((it) => !it.startsWith('Query._') && !it.endsWith('.id') && !(it in NO_WAY))
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
      if (field === '*') {
        const query = entity(owner, args, selectAll(type))
        return [{ coordinate, name: `${coordinate} ${args}`, query }]
      }
      const result = getNamedType(type.getFields()[field]!.type)
      const selected = `${field}${args && `(${args})`} ${selectAll(result)}`
      if (owner === 'Query' || owner === 'Mutation') {
        const query = `${owner.toLowerCase()} { ${selected} }`
        return [{ coordinate, name: `${coordinate}(${args})`, query }]
      }
      return ids[owner]!().map((id, index) => ({
        coordinate,
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
    permissions: ['people:write'],
  }),
}
const subscriber = asUser({ roles: ['subscriber'] })
const editor = asUser({ roles: ['editor'], permissions: ['films:write', 'films:read-hidden'] })
const VIEWERS: Readonly<Record<string, Viewer>> = { ...OUTSIDERS, editor }

const refusedOrNot = ({ data, errors }: ExecuteResult<unknown>) => ({
  data,
  errors: errors?.map(({ message, extensions }) => ({ message, code: extensions.code })),
})

let films: Films
let schema: GraphQLSchema
let operations: Operation[]
/** What each viewer is answered in a catalogue that never had the hidden films. */
const before = new Map<string, Map<string, unknown>>()
let withHidden: Subgraph

async function answersOf(subgraph: Subgraph, as: Viewer): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>()
  for (const { coordinate, name, query } of operations) {
    const answer = await execute(subgraph, { query, as })
    answers.set(name, isGuarded(coordinate) ? refusedOrNot(answer) : expectData(answer))
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
    known.film = await seed.film({
      title: { en: title },
      releaseDate: '1922-01-01',
      genres: [horror],
      credits,
    })
  }
  operations = operationsOf(schema)
  const without = await films.openUncached()
  for (const [name, viewer] of Object.entries(VIEWERS)) {
    before.set(name, await answersOf(without, viewer))
  }

  const hide = ({ title, episodeId: _, ...film }: HiddenFilm) => ({
    ...film,
    type: 'TV_SHOW' as const,
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
  await seed.film({ ...hide(HIDDEN.archived), status: 'ARCHIVED' })
  const publishAt = new Date(Date.now() + 86_400_000)
  await seed.film({ ...hide(HIDDEN.scheduled), status: 'SCHEDULED', publishAt })
  const id = await seed.film({ ...hide(DELETED), status: 'DRAFT' })
  await films.postgres.prisma.film.update({ where: { id }, data: { deletedAt: new Date() } })
  for (const film of ALL) await addEpisode(film)
  for (const viewer of Object.values(OUTSIDERS)) await hideFrom(viewer, ALL)
  // whoever hid all of them would miss them among the recommendations
  await hideFrom(editor, [HIDDEN.archived])
  withHidden = await films.openUncached()
})

/** As if they had been there to see once. */
async function hideFrom(viewer: Viewer, hidden: readonly HiddenFilm[]): Promise<void> {
  if (viewer.kind !== 'user') return
  const data = hidden.map(({ id: filmId }) => ({ userId: viewer.id, filmId }))
  await films.postgres.prisma.hiddenRecommendation.createMany({ data })
}

async function addEpisode({ id: filmId, episodeId, title }: HiddenFilm): Promise<void> {
  const { season, filmAudit } = films.postgres.prisma
  const translations = { create: { language: 'en', title: `${title}, part one` } }
  const episodes = { create: { id: episodeId, number: 1, translations } }
  await season.create({ data: { id: randomUUID(), filmId, number: 1, translations, episodes } })
  await filmAudit.create({ data: { filmId, version: 1, action: 'CREATED', changes: [] } })
}

it('covers every field of the schema that can give a film or a count of films', () => {
  expect(waysIn(schema).sort()).toEqual(Object.keys(CASES).sort())
})

it('asks for every field of films, seasons and episodes', () => {
  const asked = new Set(operations.flatMap(({ query }) => fieldsIn(query)))
  const fields = ['Film', 'Season', 'Episode'].flatMap((name) =>
    fieldsOf(schema.getType(name) as GraphQLObjectType),
  )
  expect(fields.filter((it) => !asked.has(it))).toEqual([])
})

/** `Type.field` of every field that a query selects. */
function fieldsIn(query: string): string[] {
  const fields: string[] = []
  const types = new TypeInfo(schema)
  const enter = ({ name }: FieldNode) => {
    fields.push(`${types.getParentType()?.name}.${name.value}`)
  }
  visit(parse(query), visitWithTypeInfo(types, { Field: { enter } }))
  return fields
}

describe('a hidden film', () => {
  it('changes every answer for an editor, so that a leak could be seen', async () => {
    const answers = await answersOf(withHidden, editor)
    const was = before.get('editor')!
    const unchanged = operations.filter(
      ({ name }) => JSON.stringify(answers.get(name)) === JSON.stringify(was.get(name)),
    )
    expect(unchanged).toEqual([])
  })

  it('is there for those with its role, who see no draft', async () => {
    const answers = JSON.stringify([...(await answersOf(withHidden, subscriber)).values()])
    expect(answers).toContain(HIDDEN.role.id)
    expect(answers).toContain(HIDDEN.role.title)
    for (const { id, title } of [HIDDEN.draft, HIDDEN.scheduled, HIDDEN.archived, DELETED]) {
      expect(answers).not.toContain(id)
      expect(answers).not.toContain(title)
    }
  })

  // after the tests above, so that what editors and subscribers read would be in the cache
  it.each(Object.entries(OUTSIDERS))('changes no answer for %s', async (name, viewer) => {
    const answers = await answersOf(withHidden, viewer)
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(before.get(name)!))
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
