import { openTestPostgres } from '@cinegraph/testkit/database'
import { createAccounts } from '@cinegraph/users/subgraph'
import { beforeEach, expect, test } from 'vitest'
import { ensureDemoAccounts } from '../src/all-in-one/demo-accounts.js'

const demoPasswords = { admin: 'of the admin', editor: 'of the editor', viewer: 'of the viewer' }
const hashing = { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, queue: 100, perAddress: 100 }
const env = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' }

let postgres: Awaited<ReturnType<typeof openTestPostgres>>
beforeEach(async () => {
  postgres = await openTestPostgres()
})

const ensure = () =>
  ensureDemoAccounts({ postgres, env, secrets: { demoPasswords }, folder: '/data' })
const make = (login: string, roles: readonly string[]) =>
  createAccounts(postgres, hashing).ensure({ login, password: 'correct horse', roles })

async function accounts(): Promise<Record<string, string[]>> {
  const rows = await postgres.prisma.user.findMany({
    orderBy: { login: 'asc' },
    select: { login: true, roles: { select: { role: { select: { name: true } } } } },
  })
  return Object.fromEntries(
    rows.map(({ login, roles }) => [login, roles.map(({ role }) => role.name).sort()]),
  )
}

const ALL = { admin: ['admin', 'user'], editor: ['editor', 'user'], viewer: ['user'] }

test('an empty installation gets an admin, an editor and a viewer, once', async () => {
  expect(await ensure()).toBe(
    'made for a first look: admin / of the admin, editor / of the editor, viewer / of the viewer',
  )
  expect(await accounts()).toEqual(ALL)
  expect(await ensure()).toBe('already there; demo passwords: /data/secrets.json')
  expect(await accounts()).toEqual(ALL)
})

test('what a start that was cut short did not make, the next one makes', async () => {
  await make('editor', ['user', 'editor'])
  expect(await ensure()).toBe('made for a first look: admin / of the admin, viewer / of the viewer')
  expect(await accounts()).toEqual(ALL)
})

test('an installation with an account of its own gets none', async () => {
  await make('ada', ['user', 'admin'])
  await make('viewer', ['user'])
  expect(await ensure()).toMatch(/^already there/)
  expect(await accounts()).toEqual({ ada: ['admin', 'user'], viewer: ['user'] })
})
