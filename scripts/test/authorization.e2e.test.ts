import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createViewerSigner, VIEWER_HEADER, type Viewer } from '@cinegraph/kit/identity'
import { execute } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import {
  buildSchema,
  getNamedType,
  type GraphQLObjectType,
  isLeafType,
  OperationTypeNode,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { ROOT, SUPERGRAPH } from '../src/paths.js'
import type { RemoteSubgraph } from './deployment/twins.js'
import { guardedIn, hasField } from './authorization/guarded-fields.js'
import { type Operation, operationFor } from './authorization/operation-for.js'
import { type Answer, startCinegraph } from './harness.js'
import { CHEAP_PASSWORDS, openPeople, PASSWORD, type Person } from './people.js'

const UNAUTHORIZED = 'UNAUTHORIZED_FIELD_OR_TYPE'
/** Codes of calls that cannot succeed although they may be made. Of all others no error is expected at all. */
const ERRORS: Readonly<Record<string, readonly string[]>> = {
  // the id is not of a session
  endSession: ['NOT_FOUND'],
  // the account has no address
  resendEmailConfirmation: ['CONFLICT'],
  // the film is published
  publishFilm: ['CONFLICT'],
  scheduleFilm: ['CONFLICT'],
  restoreFilm: ['CONFLICT'],
}
/** Guarded fields elsewhere than at the roots, as `guarded` of what everybody may see. */
const WAYS: Readonly<Record<string, string>> = {
  'Film.links':
    '{ found: film(slug: "metropolis-1927") { __typename guarded: links { version } } }',
  'Film.linksHistory':
    '{ found: film(slug: "metropolis-1927") { __typename guarded: linksHistory { totalCount } } }',
  'Genre.history': '{ found: genre(slug: "drama") { __typename guarded: history { totalCount } } }',
  'Genre.version': '{ found: genre(slug: "drama") { __typename guarded: version } }',
  'Person.history':
    '{ found: person(slug: "fritz-lang") { __typename guarded: history { totalCount } } }',
  'Person.version': '{ found: person(slug: "fritz-lang") { __typename guarded: version } }',
}
const REDIRECT_URI = 'https://cinema.example/signed-in'

const guarded = guardedIn(await readFile(SUPERGRAPH, 'utf8'))
const apiSchema = buildSchema(await readFile(path.join(ROOT, 'gateway/api-schema.graphql'), 'utf8'))
const ROOTS: Readonly<Record<string, OperationTypeNode>> = {
  Query: OperationTypeNode.QUERY,
  Mutation: OperationTypeNode.MUTATION,
}
const rootFields = guarded.flatMap(({ type, field, alternatives }) => {
  const operation = ROOTS[type]
  return operation && field ? [{ name: `${type}.${field}`, operation, field, alternatives }] : []
})
/** Those of films that films itself guards, too. */
const filmFields = guarded.flatMap(({ type, field, alternatives }) =>
  type === 'Film' && field && !(`Film.${field}` in WAYS)
    ? [{ field, permissions: alternatives.flat() }]
    : [],
)
const allScopes = [...new Set(guarded.flatMap((it) => it.alternatives.flat()))]

const cinegraph = await startCinegraph({
  ...CHEAP_PASSWORDS,
  SOCIAL_REDIRECT_URIS: REDIRECT_URI,
  YANDEX_CLIENT_ID: 'some client',
  YANDEX_CLIENT_SECRET: 'some secret',
})
const people = await openPeople(cinegraph)
const sign = await createViewerSigner(cinegraph.secrets.gatewaySigningKey)

/** With these values the calls below do what they are for, rather than be refused for their arguments. */
async function valuesFor(field: string) {
  const subject = await people.withPermissions([])
  const isAboutRole = /role/i.test(field)
  const isAboutFilm = /film|season|recommendation/i.test(field)
  const filmId = isAboutFilm ? await publishSeries() : undefined
  return {
    id: filmId ?? (isAboutRole ? subject.roleId : subject.id),
    filmId,
    version: 1,
    translations: { en: { title: 'Of a test' } },
    originalLanguage: 'en',
    action: 'ARCHIVE',
    'saveSeason.episodes': [],
    userId: subject.id,
    roleId: subject.roleId,
    name: `role-${subject.id.slice(0, 8)}`,
    newLogin: `new-${subject.id}`,
    newEmail: `${subject.id}@example.org`,
    newPassword: 'another long password',
    oldPassword: PASSWORD,
    password: PASSWORD,
    provider: 'YANDEX',
    code: 'of a provider',
    redirectUri: REDIRECT_URI,
    permissions: ['films:write'],
    ...(await catalogueValues()),
  }
}

/** A series that everyone sees, with a season; its id. */
async function publishSeries(): Promise<string> {
  const id = randomUUID()
  const seasons = { create: { id: randomUUID(), number: 1 } }
  await people.postgres.prisma.film.create({
    data: {
      ...{ id, slug: id, type: 'TV_SHOW', status: 'PUBLISHED', ageRating: 0, seasons },
      ...{ originalTitle: 'Of a test', originalLanguage: 'en' },
      translations: { create: { language: 'en', title: 'Of a test' } },
    },
  })
  return id
}

const codesOf = ({ errors = [] }: Answer) => errors.map((it) => it.extensions['code'])
const send = (operation: Operation, token?: string) =>
  cinegraph.ask({ ...operation, ...(token !== undefined && { token }) })

async function sendTo(subgraph: RemoteSubgraph, asked: Operation, viewer: Viewer): Promise<Answer> {
  const headers = { [VIEWER_HEADER]: await sign(viewer, subgraph.name) }
  const { body } = await execute(subgraph, { ...asked, headers })
  return JSON.parse(body) as Answer
}

/** A person and a genre of their own, which nothing is linked to, and some film. */
async function catalogueValues() {
  const { prisma } = people.postgres
  const [person, merged, genre] = [randomUUID(), randomUUID(), randomUUID()]
  await prisma.person.createMany({ data: [person, merged].map((id) => ({ id, slug: id })) })
  await prisma.personTranslation.createMany({
    data: [person, merged].map((personId) => ({ personId, language: 'en', name: 'Somebody' })),
  })
  await prisma.genre.create({ data: { id: genre, slug: genre } })
  const film = await prisma.film.findFirstOrThrow({ select: { id: true } })
  const texts = { en: { name: 'Somebody else' } }
  return {
    ...{ 'createPerson.translations': texts, 'updatePerson.translations': texts },
    'updatePerson.id': person,
    ...{ 'deletePerson.id': person, 'mergePersons.id': person, 'mergePersons.mergedId': merged },
    ...{ 'createGenre.translations': texts, 'updateGenre.translations': texts },
    'updateGenre.id': genre,
    'peopleHistory.kind': 'PERSON',
    ...{ 'deleteGenre.id': genre, 'setFilmLinks.filmId': film.id, 'setFilmLinks.version': 0 },
  }
}

/** All rows of users, films and people, but for the login history, which is written behind the answers. */
async function rows(): Promise<unknown> {
  const { rows } = await people.postgres.pool.query<Record<string, string>>(
    `SELECT table_name, query_to_xml(format('SELECT * FROM %I.%I AS t ORDER BY t::text', table_schema, table_name), true, false, '')::text
     FROM information_schema.tables
     WHERE table_schema IN ('users', 'films', 'people') AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'login_attempt%'
     ORDER BY table_schema, table_name`,
  )
  return rows
}

test('every field that is guarded elsewhere than at the roots and in films has a way to it in these tests', () => {
  const elsewhere = guarded
    .filter(({ type, field }) => !(type in ROOTS) || !field)
    .map(({ type, field }) => `${type}.${field}`)
    .filter((name) => !filmFields.some(({ field }) => name === `Film.${field}`))
  expect(elsewhere).toEqual(Object.keys(WAYS))
  expect(rootFields.length).toBeGreaterThan(20)
  expect(filmFields.length).toBeGreaterThan(0)
})

describe.each(filmFields)('Film.$field', ({ field, permissions }) => {
  const { type } = (apiSchema.getType('Film') as GraphQLObjectType).getFields()[field]!
  const selection = isLeafType(getNamedType(type)) ? '' : '{ __typename }'
  const query = (id: string) => `{ film(id: "${id}") { ${field} ${selection} } }`

  test('is given by the gateway to who has the permission alone', async () => {
    const id = await publishSeries()
    const others = await people.withPermissions(allScopes.filter((it) => !permissions.includes(it)))
    for (const token of [undefined, others.accessToken]) {
      const { data, errors } = await send({ query: query(id), variables: {} }, token)
      expect(errors).toMatchObject([{ path: ['film', field], extensions: { code: UNAUTHORIZED } }])
      expect(data).toEqual({ film: { [field]: null } })
    }
    for (const permission of permissions) {
      const person = await people.withPermissions([permission])
      const answer = await send({ query: query(id), variables: {} }, person.accessToken)
      expect(codesOf(answer)).toEqual([])
    }
  })

  test('is null in its subgraph for anyone else', async () => {
    const asked = { query: query(await publishSeries()), variables: {} }
    const films = cinegraph.subgraphs.find(({ name }) => name === 'films')!
    for (const viewer of [ANONYMOUS, asUser({ permissions: ['films:read-hidden'] })]) {
      const { data } = await sendTo(films, asked, viewer)
      expect(data).toEqual({ film: { [field]: null } })
    }
  })
})

describe.each(
  guarded.flatMap(({ type, field, alternatives }) => {
    const way = WAYS[`${type}.${field}`]
    return way ? [{ name: `${type}.${field}`, query: way, alternatives }] : []
  }),
)('$name', ({ query, alternatives }) => {
  const ask = (permissions: readonly string[]) => async () => {
    const { accessToken } = await people.withPermissions(permissions)
    return send({ query, variables: {} }, accessToken)
  }
  const others = allScopes.filter((it) => !alternatives.flat().includes(it))

  test.each([
    ['anyone', () => send({ query, variables: {} })],
    ['who has other permissions', ask(others)],
  ])('is not for %s, who has all around it', async (_, asking) => {
    const { data, errors } = await asking()
    expect(errors).toMatchObject([{ extensions: { code: UNAUTHORIZED } }])
    expect(data).toMatchObject({ found: { __typename: expect.any(String) as string } })
    expect(JSON.stringify(data)).toContain('"guarded":null')
  })

  test.each(alternatives.map((permissions) => ({ permissions })))(
    'is for who has the permissions $permissions',
    async ({ permissions }) => {
      const { data, errors } = await ask(permissions)()
      expect(errors).toBeUndefined()
      expect(JSON.stringify(data)).toMatch(/"guarded":[^n]/)
    },
  )
})

describe.each(rootFields)('$name', ({ operation, field, alternatives }) => {
  const loginIsEnough = alternatives.some((scopes) => scopes.length === 0)
  const operationWith = async () =>
    operationFor(apiSchema, { operation, field }, await valuesFor(field))

  async function expectRefused(asked: Operation, token?: string) {
    const before = await rows()
    const answer = await send(asked, token)
    expect(answer.errors).toMatchObject([{ path: [field], extensions: { code: UNAUTHORIZED } }])
    expect(answer.data?.[field] ?? null).toBeNull()
    expect(await rows()).toEqual(before)
  }

  test('is not for anyone, and does nothing then', async () => {
    await expectRefused(await operationWith())
  })

  if (!loginIsEnough) {
    test('is not for who has no permission, or only others', async () => {
      const others = allScopes.filter((it) => !alternatives.flat().includes(it))
      for (const person of [await people.plain(), await people.withPermissions(others)]) {
        await expectRefused(await operationWith(), person.accessToken)
      }
    })

    const [required = [], ...more] = alternatives
    if (more.length === 0 && required.length > 1) {
      test.each(required)('is not for who has all permissions but %s', async (lacking) => {
        const person = await people.withPermissions(allScopes.filter((it) => it !== lacking))
        await expectRefused(await operationWith(), person.accessToken)
      })
    }
  }

  test.each(alternatives.map((permissions) => ({ permissions })))(
    'is for who has the permissions $permissions',
    async ({ permissions }) => {
      const person: Person = await people.withPermissions(permissions)
      const answer = await send(await operationWith(), person.accessToken)
      expect(codesOf(answer)).toEqual(ERRORS[field] ?? [])
    },
  )

  test('is refused by its subgraph too', async () => {
    const asked = await operationWith()
    const codesFor = async (viewer: Viewer) => codesOf(await sendToSubgraph(asked, viewer))
    expect(await codesFor(ANONYMOUS)).toEqual(['UNAUTHENTICATED'])
    if (!loginIsEnough) expect(await codesFor(asUser())).toEqual(['FORBIDDEN'])
  })

  async function sendToSubgraph(asked: Operation, viewer: Viewer): Promise<Answer> {
    const root = apiSchema.getRootType(operation)!.name
    const subgraph = cinegraph.subgraphs.find((it) => hasField(it.sdl, root, field))!
    return sendTo(subgraph, asked, viewer)
  }
})
