import { announce } from '@cinegraph/engines/outbox/outbox.repository'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { filmChanged } from '@cinegraph/events/domain/film.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { beforeAll, expect, test } from 'vitest'
import { stableId } from '../src/catalogue/stable-id.js'
import { startCinegraph } from './harness.js'

let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
beforeAll(async () => {
  cinegraph = await startCinegraph()
})

const titleOf = async (slug: string) => {
  const data = await cinegraph.data({ query: `{ film(slug: "${slug}") { title } }` })
  return (data as { film: { title: string } }).film.title
}
const found = async (text: string) => {
  const query = `{ searchFilms(text: "${text}", first: 9) { edges { node { slug } } } }`
  const data = await cinegraph.data({ query })
  const { edges } = data['searchFilms'] as { edges: { node: { slug: string } }[] }
  return edges.map(({ node }) => node.slug)
}

test('a change that is announced reaches searches and cached pages', async () => {
  const slug = 'metropolis-1927'
  expect(await titleOf(slug)).toBe('Metropolis')
  expect(await found('quibblewick')).toEqual([])

  const { databaseUrl: url } = cinegraph
  const postgres = openPostgres({ url, log: memoryLog().log })
  const filmId = stableId('film', slug)
  const changed = { filmId, version: 2, change: 'EDITED' } as const
  await postgres.prisma.$transaction(async (tx) => {
    await tx.filmTranslation.updateMany({
      where: { filmId, language: 'en' },
      data: { title: 'Quibblewick' },
    })
    await announce(tx, [encodeEvent(filmChanged, changed, { occurredAt: new Date() })])
  })
  await postgres.stop(AbortSignal.timeout(5_000))

  await until(async () => (await found('quibblewick')).includes(slug))
  await until(async () => (await titleOf(slug)) === 'Quibblewick')
})
