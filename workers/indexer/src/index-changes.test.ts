import { Registry } from '@cinegraph/kit/metrics'
import { expect, it } from 'vitest'
import { indexChanges } from './index-changes.js'
import { createIndexerMetrics } from './indexer.metrics.js'
import type { Plan } from './plan.js'

const ids = (count: number) => Array.from({ length: count }, (_, index) => `f${1_000 + index}`)
const plan = (given: { film?: string[]; person?: string[]; filmsOf?: string[] }): Plan => ({
  film: new Set(given.film),
  person: new Set(given.person),
  genre: new Set(),
  filmsOf: { person: new Set(given.filmsOf), genre: new Set() },
})

/** What happens, in its order: pages by their size. The person has `films`; every second entity is there no more. */
function stage({ films = [] as string[], onPage = () => {} } = {}) {
  const happened: string[] = []
  const refreshed: string[] = []
  const pageOf = async (_: string, { after, limit }: { after: string | null; limit: number }) =>
    films.filter((id) => after === null || id > after).slice(0, limit)
  return {
    happened,
    refreshed,
    options: {
      pageSize: 100,
      links: { filmsOfPerson: pageOf, filmsOfGenre: pageOf },
      source: {
        async read(kind: string, selection: object) {
          const { ids } = selection as { ids: string[] }
          happened.push(`read ${ids.length} ${kind}`)
          refreshed.push(...ids)
          onPage()
          return { entities: [], version: 1 }
        },
      },
      search: {
        upsert: async () => {},
        remove: async (kind: string, entries: readonly unknown[]) =>
          void happened.push(`remove ${entries.length} ${kind}`),
      },
      cache: { purge: async (tags: readonly string[]) => void happened.push(`purge ${tags[0]}`) },
      metrics: createIndexerMetrics(new Registry()),
    },
  }
}
const never = new AbortController().signal

it('reads, sends and then purges, kind after kind', async () => {
  const { happened, options } = stage()
  await indexChanges(plan({ film: ids(3), person: ['p'] }), options, never)
  expect(happened).toEqual([
    ...['read 1 person', 'remove 1 person', 'purge catalogue'],
    ...['read 3 film', 'remove 3 film', 'purge catalogue'],
  ])
})

it('goes through the films of a person page by page, but for those it has refreshed already', async () => {
  const films = ids(250)
  const { happened, refreshed, options } = stage({ films })
  await indexChanges(plan({ film: films.slice(90, 110), filmsOf: ['p'] }), options, never)
  expect(happened.filter((it) => it.startsWith('read'))).toEqual([
    ...['read 20 film', 'read 90 film', 'read 90 film', 'read 50 film'],
  ])
  expect(refreshed.toSorted()).toEqual(films)
})

it('does nothing where nothing has changed', async () => {
  const { happened, options } = stage()
  await indexChanges(plan({ filmsOf: ['p'] }), options, never)
  expect(happened).toEqual([])
})

it('gives up between two pages when it is told to', async () => {
  const aborting = new AbortController()
  const { refreshed, options } = stage({ films: ids(1_000), onPage: () => aborting.abort() })
  const indexing = indexChanges(plan({ filmsOf: ['p'] }), options, aborting.signal)
  await expect(indexing).rejects.toThrow('aborted')
  expect(refreshed).toHaveLength(100)
})
