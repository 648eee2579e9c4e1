import { AppError } from '@cinegraph/kit/errors'
import { EditingRepository } from '@cinegraph/people/editing/editing.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { seedOf } from './seed.js'

it('an edit that waits too long for another is a CONFLICT to be tried again, and waits no longer', async () => {
  const { prisma, pool } = await openTestPostgres()
  const id = await seedOf(prisma).person()
  const repository = new EditingRepository(prisma, 50)
  const edit = () =>
    repository.edit(randomUUID(), async ({ persons }) => ({
      ...{ result: await persons.lock(id), edits: [] },
    }))
  const other = await pool.connect()
  await other.query('BEGIN')
  await other.query('SELECT FROM people.person WHERE id = $1 FOR UPDATE', [id])
  const error: unknown = await edit().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'CONFLICT', details: { retryAfterSeconds: 1 } })
  await other.query('ROLLBACK')
  other.release()
  expect(await edit()).toMatchObject({ id })
})
