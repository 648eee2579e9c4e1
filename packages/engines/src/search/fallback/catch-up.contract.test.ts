import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll, expect, it } from 'vitest'
import { film } from '../contract/catalogue.contract.js'
import { createPostgresSearchIndex } from '../postgres/search-index.js'
import { Unsent } from '../postgres/unsent.js'
import type { SearchIndex } from '../search-index.js'
import { createFallbackIndex } from './search-index.js'

const { log } = memoryLog()
const [{ pool }, elsewhere] = await Promise.all([openTestPostgres(), openTestPostgres()])
const inner = createPostgresSearchIndex({ pool: elsewhere.pool, log })
let away = false
let meanwhile = async () => {}
const primary: SearchIndex = {
  ...inner,
  ready: async () => (away ? { ready: false, reason: 'away' } : inner.ready()),
  async upsert(kind, documents) {
    await meanwhile()
    await inner.upsert(kind, documents)
  },
}
const index = createFallbackIndex({
  primary,
  standby: createPostgresSearchIndex({ pool, log }),
  unsent: new Unsent({ pool, release: 'this', log }),
  isOutage: () => true,
  ...{ log, budgetMs: 60_000 },
})
await index.start()
afterAll(() => index.stop(AbortSignal.timeout(10_000)))

it('what was away is sent what it missed, and asked again, though somebody writes without a pause', async () => {
  await index.rebuild((next) => next.upsert('film', [film('a')]))
  await until(() => !index.degraded)
  away = true
  await until(() => index.degraded)
  await index.upsert('film', [film('b')])

  let writing = false
  let written = 0
  meanwhile = async () => {
    // by that write itself
    if (writing) return
    writing = true
    await index.upsert('film', [film(`c${++written}`)])
    writing = false
  }
  away = false
  await until(() => !index.degraded)
  meanwhile = async () => {}
  expect(written).toBeGreaterThan(0)
  expect(await inner.digests('film', { after: null, limit: 1_000 })).toEqual(
    await index.digests('film', { after: null, limit: 1_000 }),
  )
})
