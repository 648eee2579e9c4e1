import { eventually } from '@cinegraph/testkit/until'
import { expect, test } from 'vitest'
import { startCinegraph } from './harness.js'
import { CHEAP_PASSWORDS, openPeople, type Person, type Session } from './people.js'

const ENDED = 'The session has ended.'
const NO_LONGER_VALID = 'The access token is no longer valid. Refresh the session.'

const cinegraph = await startCinegraph(CHEAP_PASSWORDS)
const people = await openPeople(cinegraph)

const USERS = '{ users(first: 1) { edges { node { id } } } }'
const codeOf = async (query: string, token: string) =>
  (await cinegraph.ask({ query, token })).errors?.[0]?.extensions['code']
const refusalOf = async (token: string) =>
  (await cinegraph.ask({ query: '{ me { id } }', token })).errors?.[0]?.message

/** Within a second, where the machine has one to spare. */
const expectRefused = ({ accessToken }: Session, message: string) =>
  eventually(async () => expect(await refusalOf(accessToken)).toBe(message))

const REFRESH = `mutation ($refreshToken: String) {
  refreshSession(refreshToken: $refreshToken) { accessToken refreshToken }
}`
const refresh = ({ refreshToken }: Session) =>
  cinegraph.ask({ query: REFRESH, variables: { refreshToken } })

const administrate = (query: string, variables: Record<string, unknown>) =>
  cinegraph.data({ query, variables, token: people.admin.accessToken })

const revokeRole = ({ id: userId, roleId }: Person) =>
  administrate(
    'mutation ($userId: ID!, $roleId: ID!) { revokeRole(userId: $userId, roleId: $roleId) { id } }',
    { userId, roleId },
  )
const permitNothing = ({ roleId: id }: Person) =>
  administrate('mutation ($id: ID!) { updateRole(id: $id, input: { permissions: [] }) { id } }', {
    id,
  })
const deleteRole = ({ roleId: id }: Person) =>
  administrate('mutation ($id: ID!) { deleteRole(id: $id) }', { id })

test.each([
  ['is taken from somebody', revokeRole],
  ['permits less', permitNothing],
  ['is deleted', deleteRole],
])('a role that %s: its tokens are refused, and new ones permit no more', async (_, change) => {
  const reader = await people.withPermissions(['users:read'])
  expect(await codeOf(USERS, reader.accessToken)).toBeUndefined()
  await change(reader)
  await expectRefused(reader, NO_LONGER_VALID)

  const { data } = await refresh(reader)
  const { accessToken } = data!['refreshSession'] as Session
  expect(await refusalOf(accessToken)).toBeUndefined()
  expect(await codeOf(USERS, accessToken)).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
})

const block = ({ id }: Person) =>
  administrate('mutation ($id: ID!) { blockUser(id: $id, reason: "Spam.") { id } }', { id })
const remove = ({ id }: Person) =>
  administrate('mutation ($id: ID!) { deleteUser(id: $id) }', { id })

test.each([
  ['blocked', block],
  ['deleted', remove],
])('an account that is %s: none of its tokens counts', async (_, change) => {
  const person = await people.plain()
  const elsewhere = await people.logIn(person.login)
  await change(person)
  for (const session of [person, elsewhere]) {
    await expectRefused(session, NO_LONGER_VALID)
    expect((await refresh(session)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
  }
})

test('who ends all other sessions stays logged in', async () => {
  const person = await people.plain()
  const elsewhere = await people.logIn(person.login)
  const { accessToken: token } = person
  expect(await cinegraph.data({ query: 'mutation { endOtherSessions }', token })).toEqual({
    endOtherSessions: 1,
  })
  await expectRefused(elsewhere, ENDED)
  expect(await refusalOf(token)).toBeUndefined()
})
