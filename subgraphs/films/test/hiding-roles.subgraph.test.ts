import { randomUUID } from 'node:crypto'
import { FilmRepository } from '@cinegraph/films/films/film.repository'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expect, it } from 'vitest'

it('the roles that hide films are found without reading all the films that they hide', async () => {
  const { prisma, pool } = await openTestPostgres()
  const roleOf = (index: number) => (index % 4 === 0 ? null : `role-${index % 4}`)
  await prisma.film.createMany({
    data: Array.from({ length: 4_000 }, (_, index) => {
      const id = randomUUID()
      const texts = { slug: id, originalTitle: id, originalLanguage: 'en' }
      const access = { hiddenWithoutRole: roleOf(index) !== 'role-3', requiredRole: roleOf(index) }
      return { id, type: 'MOVIE' as const, ageRating: 0, ...texts, ...access }
    }),
  })
  await pool.query('ANALYZE films.film')
  const { roles, read } = await prisma.$transaction(async (tx) => {
    const roles = await new FilmRepository(tx).rolesThatHide()
    const [row] = await tx.$queryRaw<{ read: number }[]>`
      SELECT (seq_tup_read + idx_tup_fetch)::int AS read
      FROM pg_stat_xact_user_tables WHERE schemaname = 'films' AND relname = 'film'`
    return { roles, read: row!.read }
  })
  expect(roles).toEqual(['role-1', 'role-2'])
  expect(read).toBeLessThan(20)
})
