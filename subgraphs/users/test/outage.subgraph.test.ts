import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { expect, it } from 'vitest'
import { startUsers } from './start-users.js'

it('says that it is not available, and no more, while the database is away', async () => {
  const postgres = await openTestPostgres()
  const users = await startUsers(postgres)
  await postgres.stop(AbortSignal.timeout(10_000))
  const errors = [
    await users.logInError('ann'),
    await users.refreshError('A'.repeat(43)),
    expectError(await users.run('{ me { id } }', {}, asUser())),
  ]
  for (const { message, extensions } of errors) {
    expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
    expect(message).not.toMatch(/postgres|database|prisma/i)
  }
})
