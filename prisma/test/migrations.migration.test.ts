import { openTestPostgres } from '@cinegraph/testkit/database'
import { expect, test } from 'vitest'

test('the built-in roles are there', async () => {
  const { prisma } = await openTestPostgres()
  const roles = await prisma.role.findMany({ orderBy: { name: 'asc' } })
  expect(roles.map((role) => role.name)).toEqual(['admin', 'editor', 'subscriber', 'user'])
})
