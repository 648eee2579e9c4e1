import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { eventually } from '@cinegraph/testkit/until'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../src/paths.js'
import { startCinegraph } from './harness.js'
import { openPeople, type Person } from './people.js'

const read = (file: string) => readFile(path.join(ROOT, file), 'utf8')
const page = await read('docs/from-rest.md')
const schema = buildSchema(await read('gateway/api-schema.graphql'))
const operations = new Map(
  [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, query]) => [
    /^\w+ (\w+)/.exec(query!)![1]!,
    query!,
  ]),
)

test.each([...operations])('%s is valid', (_, query) => {
  expect(validate(schema, parse(query))).toEqual([])
})

describe('the table', () => {
  const rows = [...page.matchAll(/^\| `.*?\| \[(.*?)\]\(#(.*?)\)/gm)].map(
    ([, names, anchor]) => [anchor!, [...names!.matchAll(/\w+(?= }|`)/g)].map(String)] as const,
  )
  const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, it]) =>
    it!.toLowerCase().replaceAll(' ', '-'),
  )
  const fields = ['Query', 'Mutation', 'User'].flatMap((it) => {
    const type = schema.getType(it)
    return type && 'getFields' in type ? Object.keys(type.getFields()) : []
  })

  test.each(rows)('names operations that exist under #%s, and leads there', (anchor, names) => {
    expect(headings).toContain(anchor)
    expect(names.filter((it) => !fields.includes(it))).toEqual([])
    expect(names.length).toBeGreaterThan(0)
  })

  test('leads to every section', () => {
    expect([...new Set(rows.map(([anchor]) => anchor))]).toEqual(headings)
  })
})

test('every example does what the page says, those of a provider apart', async () => {
  const cinegraph = await startCinegraph()
  const { admin } = await openPeople(cinegraph)
  const left = new Set(operations.keys())
  const run = (name: string, variables: Record<string, unknown> = {}, token?: string) => {
    left.delete(name)
    const query = operations.get(name)!
    return cinegraph.data({ query, variables, ...(token !== undefined && { token }) })
  }
  await beSomebody(run)
  await administrate(run, admin)
  await browse(run)
  expect([...left]).toEqual(['Start', 'Complete', 'Unlink'])
})

type Run = (
  name: string,
  variables?: Record<string, unknown>,
  token?: string,
) => Promise<Record<string, unknown>>

async function beSomebody(run: Run) {
  const session = {
    accessToken: expect.any(String) as string,
    refreshToken: expect.any(String) as string,
  }
  const { register } = await run('SignUp')
  expect(register).toMatchObject({ __typename: 'Session', ...session, user: { login: 'ann' } })
  expect(await run('SignUp')).toEqual({ register: { __typename: 'LoginTaken', login: 'ann' } })

  expect(await run('LogInWithCookies')).toEqual({ logIn: { user: { login: 'ann' } } })
  const { refreshToken } = (await run('LogIn'))['logIn'] as typeof session
  const { refreshSession } = await run('Refresh', { refreshToken })
  expect(refreshSession).toEqual(session)
  const token = (refreshSession as typeof session).accessToken

  // newest first; it is written behind the answers
  const methods = ['PASSWORD', 'PASSWORD', 'REGISTRATION']
  const attempt = { outcome: 'SUCCESS', deviceType: 'WEB', address: '127.0.0.1' }
  const edges = methods.map((method) => ({ node: { ...attempt, method } }))
  await eventually(async () =>
    expect(await run('LoginHistory', {}, token)).toMatchObject({ me: { loginHistory: { edges } } }),
  )
  expect(await run('UpdateCredentials', {}, token)).toEqual({
    changeLogin: { __typename: 'User' },
    changePassword: { __typename: 'User' },
  })
  expect(await run('LogOut', {}, token)).toEqual({ logOut: true })
}

async function administrate(run: Run, { id: userId, accessToken: token }: Person) {
  const create = async () =>
    ((await run('CreateRole', {}, token))['createRole'] as { id: string }).id
  const id = await create()
  expect(await run('UpdateRole', { id }, token)).toEqual({
    updateRole: { permissions: ['reviews:moderate', 'reviews:read-hidden'] },
  })
  expect(await run('DeleteRole', { id }, token)).toEqual({ deleteRole: id })
  const roleId = await create()
  const { roles } = await run('Roles', {}, token)
  const node = {
    id: roleId,
    name: 'moderator',
    description: 'Keeps order in reviews.',
    permissions: ['reviews:moderate'],
  }
  expect((roles as { edges: unknown[] }).edges).toContainEqual({ node })
  expect(await run('AssignAndRevoke', { userId, roleId }, token)).toEqual({
    assignRole: { roles: ['admin', 'moderator', 'user'] },
    revokeRole: { roles: ['admin', 'user'] },
  })
}

interface Named {
  id: string
  title?: string
  name?: string
}

interface Page {
  edges: { node: Named }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** The items of a list, asked for page by page. */
async function walk(page: (after: string | null) => Promise<unknown>): Promise<Named[]> {
  const nodes: Named[] = []
  for (let after: string | null = null; ;) {
    const { edges, pageInfo } = (await page(after)) as Page
    nodes.push(...edges.map(({ node }) => node))
    if (!pageInfo.hasNextPage) return nodes
    after = pageInfo.endCursor
  }
}

async function browse(run: Run) {
  const { genres } = (await run('Genres')) as { genres: Page }
  const { id, name } = genres.edges.find(({ node }) => node.name === 'Drama')!.node
  const { genre } = (await run('GenreDetails', { id })) as { genre: { filmCount: number } }
  expect(genre).toMatchObject({ id, name, description: expect.any(String) as string })

  const listed = async (after: string | null) => (await run('Films', { genre: id, after }))['films']
  const films = (await walk(listed)) as (Named & { externalRating: number | null })[]
  expect(films).toHaveLength(genre.filmCount)
  const ratings = films.map(({ externalRating }) => externalRating ?? -1)
  expect(ratings).toEqual(ratings.toSorted((left, right) => right - left))

  const found = (query: string) => async (after: string | null) =>
    (await run('FilmSearch', { query, after }))['searchFilms']
  const everything = await walk(found(''))
  expect(everything.length).toBeGreaterThan(50)
  expect(new Set(everything.map((it) => it.id)).size).toBe(everything.length)

  const searchFilms = await found('metropolsi')(null)
  expect(searchFilms).toMatchObject({ didYouMean: 'metropolis' })
  const metropolis = (searchFilms as Page).edges[0]!.node
  const { film } = await run('FilmDetails', { id: metropolis.id })
  expect(film).toMatchObject({
    ...{ ...metropolis, title: 'Metropolis', trailerUrl: null },
    genres: [{ name: 'Science fiction' }, { id, name }],
    directors: [{ name: 'Fritz Lang' }],
    writers: { edges: [{ node: { person: { name: 'Thea von Harbou' } } }] },
  })
  const { actors } = film as { actors: { edges: unknown[] } }
  expect(actors.edges).toContainEqual({
    node: {
      character: 'Maria / The Machine-Man',
      person: expect.objectContaining({ name: 'Brigitte Helm' }) as unknown,
    },
  })
  await meet(run)
}

async function meet(run: Run) {
  const { persons } = (await run('PersonSearch', { query: 'Fritz Lang' })) as { persons: Page }
  const { id, name } = persons.edges[0]!.node
  const all = await walk(async (after) => {
    const { person } = await run('Filmography', { id, after })
    return (person as { films: unknown }).films
  })
  const { person } = await run('PersonDetails', { id })
  expect(person).toMatchObject({ id, name: 'Fritz Lang' })
  expect(name).toBe('Fritz Lang')
  const { edges } = (person as { films: Filmography }).films
  expect(edges.map(({ node }) => node.id)).toEqual(all.map((film) => film.id))
  for (const { credits } of edges) expect(credits).toContainEqual({ role: 'DIRECTOR' })
}

interface Filmography {
  edges: { node: Named; credits: { role: string }[] }[]
}
