import type { Viewer } from '@cinegraph/kit/identity'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

const ARGUMENTS = `$role: CreditRole, $sort: FilmSort, $language: Language! = EN, $first: Int! = 20, $after: String`
const FILMS = `films(role: $role, sort: $sort, language: $language, first: $first, after: $after) {
  totalCount
  pageInfo { hasNextPage endCursor }
  edges { node { slug } credits { role characters } }
}`
const PAGE = `query ($of: [_Any!]!, ${ARGUMENTS}) {
  _entities(representations: $of) { ... on Person { filmCount roles { role filmCount } ${FILMS} } }
}`

interface Filmography {
  filmCount: number
  roles: { role: string; filmCount: number }[]
  films: {
    totalCount: number
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    edges: { node: { slug: string }; credits: { role: string; characters: string[] }[] }[]
  }
}
type Variables = Readonly<Record<string, unknown>>

const subscriber = asUser({ roles: ['subscriber'] })
// reads past the cache, so that statements are counted
const editor = asUser({ roles: ['editor'], permissions: ['films:read-hidden'] })

let films: Films
const ids: Record<string, string> = {}
beforeAll(async () => {
  films = await openFilms()
  const { seed } = films
  const keaton = await seed.person({ en: 'Buster Keaton', ru: 'Бастер Китон' })
  const secret = await seed.person({ en: 'Greta Garbo' })
  Object.assign(ids, { keaton: keaton.id, secret: secret.id })
  const acts = (...characters: (string | undefined)[]) =>
    characters.map((character) => ({
      ...{ person: keaton, role: 'ACTOR' as const },
      ...(character !== undefined && { character }),
    }))
  const directs = { person: keaton, role: 'DIRECTOR' as const }
  await seed.film({
    ...{ slug: 'the-general', title: { en: 'The General', ru: 'Генерал' } },
    ...{ releaseDate: '1926-12-31', externalRating: 8.1 },
    credits: [directs, ...acts('Johnnie Gray')],
  })
  await seed.film({
    ...{ slug: 'the-playhouse', title: { en: 'The Playhouse', ru: 'Театр' } },
    releaseDate: '1921-10-06',
    credits: [...acts('Audience', 'Orchestra', undefined), directs],
  })
  await seed.film({
    ...{ slug: 'film', title: { en: 'Film', ru: 'Фильм' }, externalRating: 7.4 },
    credits: acts(undefined),
  })
  await seed.film({
    ...{ slug: 'doughboys', title: { en: 'Doughboys', ru: 'Рядовые' }, releaseDate: '1930-08-30' },
    ...{ requiredRole: 'subscriber', hiddenWithoutRole: true },
    credits: [...acts('Elmer'), { person: keaton, role: 'PRODUCER' }],
  })
  await seed.film({
    ...{ slug: 'draft', title: { en: 'A Draft', ru: 'Черновик' }, status: 'DRAFT' },
    credits: [directs, { person: secret, role: 'ACTOR', character: 'Ninotchka' }],
  })
})

async function persons(of: readonly string[], variables: Variables = {}, as: Viewer = ANONYMOUS) {
  const representations = of.map((id) => ({ __typename: 'Person', id }))
  const answer = await execute<{ _entities: Filmography[] }>(films.subgraph, {
    ...{ query: PAGE, variables: { of: representations, ...variables }, as },
  })
  return expectData(answer)._entities
}
const keaton = async (variables: Variables = {}, as: Viewer = ANONYMOUS) =>
  (await persons([ids['keaton']!], variables, as))[0]!
const slugs = ({ films: { edges } }: Filmography) => edges.map(({ node }) => node.slug)

describe('the page of a person', () => {
  it.each<[string, Variables, string[]]>([
    ['newest first', {}, ['the-general', 'the-playhouse', 'film']],
    [
      'oldest first',
      { sort: { field: 'RELEASE_DATE', direction: 'ASC' } },
      ['the-playhouse', 'the-general', 'film'],
    ],
    ['by title', { sort: { field: 'TITLE' } }, ['film', 'the-general', 'the-playhouse']],
    [
      'by title in Russian',
      { sort: { field: 'TITLE' }, language: 'RU' },
      ['the-general', 'the-playhouse', 'film'],
    ],
    [
      'best first',
      { sort: { field: 'EXTERNAL_RATING', direction: 'DESC' } },
      ['the-general', 'film', 'the-playhouse'],
    ],
    [
      'worst first',
      { sort: { field: 'EXTERNAL_RATING', direction: 'ASC' } },
      ['film', 'the-general', 'the-playhouse'],
    ],
    ['in a role', { role: 'DIRECTOR' }, ['the-general', 'the-playhouse']],
    ['in a role that the person never had', { role: 'COMPOSER' }, []],
  ])('lists the films %s, those without a value last', async (_, variables, expected) => {
    const page = await keaton(variables)
    expect(slugs(page)).toEqual(expected)
    expect(page.films.totalCount).toBe(expected.length)
  })

  it('says what the person did for each, in every role', async () => {
    const { edges } = (await keaton({ role: 'DIRECTOR' })).films
    const directed = { role: 'DIRECTOR', characters: [] }
    expect(edges.map(({ credits }) => credits)).toEqual([
      [directed, { role: 'ACTOR', characters: ['Johnnie Gray'] }],
      [{ role: 'ACTOR', characters: ['Audience', 'Orchestra'] }, directed],
    ])
  })

  const role = (name: string, filmCount: number) => ({ role: name, filmCount })
  it.each<[string, Viewer, Filmography['roles']]>([
    ['everyone', ANONYMOUS, [role('ACTOR', 3), role('DIRECTOR', 2)]],
    ['a subscriber', subscriber, [role('ACTOR', 4), role('DIRECTOR', 2), role('PRODUCER', 1)]],
    ['an editor', editor, [role('ACTOR', 4), role('DIRECTOR', 3), role('PRODUCER', 1)]],
  ])('has a tab for each role with films that %s may see', async (_, as, roles) => {
    const { films: page, ...rest } = await keaton({}, as)
    expect(rest).toEqual({ filmCount: page.edges.length, roles })
    expect(page.totalCount).toBe(page.edges.length)
  })

  it('of somebody all of whose films are hidden has nothing', async () => {
    const nothing = { filmCount: 0, roles: [], films: { totalCount: 0, edges: [] } }
    expect(await persons([ids['secret']!])).toMatchObject([nothing])
    expect(await persons([ids['secret']!], {}, editor)).toMatchObject([
      {
        filmCount: 1,
        roles: [role('ACTOR', 1)],
        films: { edges: [{ credits: [{ role: 'ACTOR', characters: ['Ninotchka'] }] }] },
      },
    ])
  })

  it('knows the id in any case, and nobody by what is no id', async () => {
    const page = await keaton()
    expect(await persons([ids['keaton']!.toUpperCase(), 'keaton'])).toEqual([page, null])
  })
})

describe('a list of persons', () => {
  let many: string[]
  beforeAll(async () => {
    const crowd = []
    for (let number = 0; number < 12; number++) {
      const person = await films.seed.person({ en: `Extra ${number}` })
      const credits = [{ person, role: 'ACTOR' as const, character: `Man ${number}` }]
      await films.seed.films([`Crowd ${number}`, `Riot ${number}`], { credits })
      crowd.push(person.id)
    }
    many = crowd
  })

  it.each<[string, Viewer]>([
    ['everyone', ANONYMOUS],
    ['an editor', editor],
  ])('takes the same statements as one, for %s', async (_, as) => {
    const variables = { sort: { field: 'TITLE' }, first: 2 }
    const count = async (of: readonly string[]) => {
      await films.cache.purge(['catalogue'])
      return films.countStatements(async () => {
        for (const { films: page } of await persons(of, variables, as)) {
          expect(page).toMatchObject({ totalCount: 2, edges: [{ credits: [{}] }, {}] })
        }
      })
    }
    expect(await count(many)).toBe(await count(many.slice(0, 1)))
  })

  it('loses nobody for a cursor that is of another list', async () => {
    const query = `query ($of: [_Any!]!, $after: String) {
      _entities(representations: $of) {
        ... on Person { ok: films(first: 1) { edges { node { slug } } } wrong: films(after: $after) { totalCount } }
      }
    }`
    const { endCursor: after } = (await keaton({ sort: { field: 'TITLE' } })).films.pageInfo
    const of = many.slice(0, 2).map((id) => ({ __typename: 'Person', id }))
    const { data, errors } = await execute(films.subgraph, { query, variables: { of, after } })
    const alone = { ok: { edges: [{ node: {} }] }, wrong: null }
    expect(data).toMatchObject({ _entities: [alone, alone] })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(
      Array(2).fill('BAD_USER_INPUT'),
    )
  })
})

describe('somebody with 2,000 films', () => {
  const COUNT = 2_000
  let prolific: string
  let expected: string[]
  beforeAll(async () => {
    const person = await films.seed.person({ en: 'Georges Méliès' })
    prolific = person.id
    const titles = Array.from({ length: COUNT }, (_, number) => `Trick ${(number * 7919) % COUNT}`)
    const credits = [
      { person, role: 'DIRECTOR' as const },
      { person, role: 'ACTOR' as const, character: 'The magician' },
    ]
    // every tenth without a date, and many on the same day
    const releaseDate = (at: number) =>
      at % 10 ? new Date(Date.UTC(1896 + (at % 17), at % 12, 1)) : null
    const made = await films.seed.films(titles, { credits, releaseDate })
    expected = made.map((id) => `film-${id}`).toSorted()
  }, 60_000)

  it.each<[string, Variables]>([
    ['newest first', { role: 'DIRECTOR' }],
    ['by title', { sort: { field: 'TITLE', direction: 'DESC' } }],
    ['at random', { sort: { field: 'RANDOM', seed: 7 }, role: 'ACTOR' }],
  ])('is paged %s without a repeat or a gap, each page in the same statements', async (_, sort) => {
    const seen: string[] = []
    const statements = new Set<number>()
    for (let after: string | null = null, more = true; more;) {
      const variables = { ...sort, first: 100, after }
      let page: Filmography | undefined
      const count = await films.countStatements(async () => {
        page = (await persons([prolific], variables, editor))[0]
      })
      statements.add(count)
      seen.push(...slugs(page!))
      more = page!.films.pageInfo.hasNextPage
      after = page!.films.pageInfo.endCursor
    }
    expect(seen).toHaveLength(COUNT)
    expect(seen.toSorted()).toEqual(expected)
    expect(statements.size).toBe(1)
  })

  it('has roles and counts', async () => {
    expect(await persons([prolific], { role: 'ACTOR', first: 1 })).toMatchObject([
      {
        filmCount: COUNT,
        roles: [{ filmCount: COUNT }, { filmCount: COUNT }],
        films: { totalCount: COUNT },
      },
    ])
  })
})
