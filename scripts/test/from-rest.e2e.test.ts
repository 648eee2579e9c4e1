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
