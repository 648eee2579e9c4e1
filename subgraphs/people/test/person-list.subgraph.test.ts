import type { FilmDocument } from '@cinegraph/engines/search/search-index'
import { CatalogueRepository } from '@cinegraph/indexer/catalogue.repository'
import { projectPerson } from '@cinegraph/indexer/project'
import type { Viewer } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

interface PersonsAnswer {
  persons: {
    totalCount?: number
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
    edges: { cursor: string; node: { name: string } }[]
  }
}

const PARAMETERS = `$text: String, $sort: PersonSort! = RELEVANCE, $language: Language! = EN,
  $first: Int! = 20, $after: String`
const ARGUMENTS = 'text: $text, sort: $sort, language: $language, first: $first, after: $after'
const PAGE = `pageInfo { hasNextPage hasPreviousPage endCursor }
  edges { cursor node { name(language: $language) } }`
const PAGE_QUERY = `query (${PARAMETERS}) { persons(${ARGUMENTS}) { ${PAGE} } }`
const COUNTED_QUERY = `query (${PARAMETERS}) { persons(${ARGUMENTS}) { totalCount ${PAGE} } }`

const NAMES = [
  { en: 'Buster Keaton', ru: 'Бастер Китон' },
  { en: 'Charlie Chaplin', ru: 'Чарли Чаплин' },
  { en: 'Diane Keaton', ru: 'Дайан Китон' },
  { en: 'Françoise Rosay', ru: 'Франсуаза Розе' },
  { en: 'Yakov Protazanov', ru: 'Яков Протазанов' },
]

let people: People
beforeAll(async () => {
  people = await openPeople()
  for (const name of NAMES) await people.seed.person({ name })
  await index(people)
})

async function index({ postgres, search }: People): Promise<void> {
  const repository = new CatalogueRepository(postgres.prisma)
  const persons = await repository.persons({ after: null, limit: 1_000 })
  await search.upsert(
    'person',
    persons.map((person) => projectPerson(person, 1)),
  )
}

const ask = (variables: Readonly<Record<string, unknown>>, query = COUNTED_QUERY) =>
  execute<PersonsAnswer>(people.subgraph, { query, variables })
const list = async (variables: Readonly<Record<string, unknown>> = {}) =>
  expectData(await ask(variables)).persons
const namesOf = ({ edges }: PersonsAnswer['persons']) => edges.map(({ node }) => node.name)

it.each([
  ['nothing is asked for', {}],
  ['the text is blank', { text: '  ' }],
  ['sorted by name', { sort: 'NAME' }],
])('lists everyone by name when %s', async (_, variables) => {
  const persons = await list(variables)
  expect(namesOf(persons)).toEqual(NAMES.map(({ en }) => en))
  expect(persons.totalCount).toBe(NAMES.length)
  expect(persons.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
})

it('orders names in the language asked for', async () => {
  expect(namesOf(await list({ language: 'RU' }))).toEqual(NAMES.map(({ ru }) => ru).toSorted())
})

it.each([
  ['a part of the name', 'keaton', ['Buster Keaton', 'Diane Keaton']],
  ['another language', 'Чаплин', ['Charlie Chaplin']],
  ['a typo', 'Proatzanov', ['Yakov Protazanov']],
  ['no diacritics', 'francoise', ['Françoise Rosay']],
  ['nothing that anyone is called', 'qqqqqq', []],
  ['operators', 'keaton & ! | <->', ['Buster Keaton', 'Diane Keaton']],
])('finds persons by %s', async (_, text, names) => {
  const persons = await list({ text })
  expect(namesOf(persons).toSorted()).toEqual(names)
  expect(persons.totalCount).toBe(names.length)
})

it('sorts matches by name when asked to', async () => {
  expect(namesOf(await list({ text: 'keaton', sort: 'NAME' }))).toEqual([
    'Buster Keaton',
    'Diane Keaton',
  ])
})

it.each([
  ['the wrong keyboard layout', 'rbnjy', ['Buster Keaton', 'Diane Keaton']],
  ['Russian in Latin letters', 'protazanof', ['Yakov Protazanov']],
  ['English in Russian letters', 'китон бастер', ['Buster Keaton']],
])('forgives %s', async (_, text, names) => {
  expect(namesOf(await list({ text })).toSorted()).toEqual(names)
})

describe('by the number of films', () => {
  const ids = new Map<string, string>()
  const QUERY = `query ($text: String, $first: Int! = 20, $after: String) {
    persons(sort: FILM_COUNT, text: $text, first: $first, after: $after) { ${PAGE.replaceAll('(language: $language)', '')} }
  }`
  const film = (id: string, audience: string, names: readonly string[]): FilmDocument => ({
    ...{ id, version: 1, audience, status: 'PUBLISHED', type: 'MOVIE', title: { en: id } },
    ...{ originalTitle: id, description: {}, releaseDate: null, releaseYear: null, ageRating: 0 },
    ...{ countries: [], externalRating: null, seasons: null, genres: [] },
    credits: names.map((name) => ({
      ...{ personId: ids.get(name)!, role: 'ACTOR', characters: [], name: { en: name } },
    })),
  })
  const by = async (as: Viewer, variables: Readonly<Record<string, unknown>> = {}) => {
    const answer = await execute<PersonsAnswer>(people.subgraph, { query: QUERY, variables, as })
    return expectData(answer).persons
  }

  beforeAll(async () => {
    const rows = await people.postgres.prisma.personTranslation.findMany({
      where: { language: 'en' },
    })
    for (const { name, personId } of rows) ids.set(name, personId)
    await people.search.upsert('film', [
      film('open-1', 'everyone', ['Charlie Chaplin', 'Buster Keaton']),
      film('open-2', 'everyone', ['Charlie Chaplin']),
      film('gated-1', 'role:subscriber', ['Buster Keaton']),
      film('gated-2', 'role:subscriber', ['Buster Keaton']),
      ...['1', '2', '3', '4'].map((n) => film(`draft-${n}`, 'editors', ['Diane Keaton'])),
    ])
  })

  it.each<[string, Viewer, string[]]>([
    ['anonymous', ANONYMOUS, ['Charlie Chaplin', 'Buster Keaton']],
    ['a user', asUser(), ['Charlie Chaplin', 'Buster Keaton']],
    ['a subscriber', asUser({ roles: ['subscriber'] }), ['Buster Keaton', 'Charlie Chaplin']],
    [
      'an editor',
      asUser({ permissions: ['films:read-hidden'] }),
      ['Diane Keaton', 'Buster Keaton', 'Charlie Chaplin'],
    ],
  ])('counts only films that %s may see', async (_, viewer, first) => {
    const persons = namesOf(await by(viewer))
    expect(persons.slice(0, first.length)).toEqual(first)
    expect(persons).toHaveLength(NAMES.length)
  })

  it('pages, and takes a text', async () => {
    const keatons = namesOf(await by(ANONYMOUS, { text: 'keaton' }))
    expect(keatons).toEqual(['Buster Keaton', 'Diane Keaton'])
    const { pageInfo } = await by(ANONYMOUS, { first: 1 })
    const next = await by(ANONYMOUS, { first: 1, after: pageInfo.endCursor })
    expect(namesOf(next)).toEqual(['Buster Keaton'])
  })
})

it('pages through the matches', async () => {
  const first = await list({ text: 'keaton', sort: 'NAME', first: 1 })
  expect(namesOf(first)).toEqual(['Buster Keaton'])
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  const after = first.pageInfo.endCursor
  const second = await list({ text: 'keaton', sort: 'NAME', first: 1, after })
  expect(namesOf(second)).toEqual(['Diane Keaton'])
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
})

it('counts only when the count is asked for', async () => {
  const cost = async (query: string) => {
    const statements = people.countStatements()
    expectData(await ask({ text: 'chaplin' }, query))
    return statements()
  }
  expect(await cost(PAGE_QUERY)).toBeLessThan(await cost(COUNTED_QUERY))
})

it.each([
  ['a text above the limit', { text: 'x'.repeat(201) }, 'text'],
  ['an empty page', { first: 0 }, 'first'],
  ['a page above the limit', { first: 101 }, 'first'],
  ['nonsense for a cursor', { after: 'nonsense' }, 'after'],
])('refuses %s', async (_, variables, argument) => {
  expect(expectError(await ask(variables))).toMatchObject({
    path: ['persons'],
    extensions: { code: 'BAD_USER_INPUT', argument: [argument] },
  })
})

it('refuses a cursor of another search', async () => {
  const { pageInfo } = await list({ text: 'keaton', first: 1 })
  const error = expectError(await ask({ text: 'chaplin', after: pageInfo.endCursor }))
  expect(error.extensions.code).toBe('BAD_USER_INPUT')
})

it('leaves out who is gone but for the index, and leads on', async () => {
  const ghost = await people.seed.person({ name: { en: 'Aaron Ghost' } })
  await index(people)
  await people.postgres.prisma.person.delete({ where: { id: ghost } })
  const page = await list({ first: 1 })
  expect(page.edges).toEqual([])
  expect(page.pageInfo.hasNextPage).toBe(true)
  const next = await list({ first: 1, after: page.pageInfo.endCursor })
  expect(namesOf(next)).toEqual(['Buster Keaton'])
  await people.search.remove('person', [{ id: ghost, version: 2 }])
})

it('costs as many statements for many persons as for few', async () => {
  const crowd = await openPeople()
  for (let n = 0; n < 50; n++) await crowd.seed.person()
  await index(crowd)
  const cost = async (first: number) => {
    const statements = crowd.countStatements()
    const answer = await execute<PersonsAnswer>(crowd.subgraph, {
      query: COUNTED_QUERY,
      variables: { first },
    })
    expect(expectData(answer).persons.edges).toHaveLength(first)
    return statements()
  }
  const few = await cost(5)
  expect(few).toBeGreaterThan(0)
  expect(await cost(50)).toBe(few)
})
