import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import { type OpenedNetwork, openNetwork } from '@cinegraph/native/open-network'
import { type OpenedServer, openServer } from '@cinegraph/native/open-server'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Postgres } from '../../postgres/open.js'
import { everything, film } from '../contract/catalogue.contract.js'
import { documentDigest } from '../document-digest.js'
import { parseElasticsearchUrl } from '../elasticsearch/elasticsearch-url.js'
import { createElasticsearchIndex } from '../elasticsearch/search-index.js'
import { openSearchIndex } from '../open.js'
import type { SearchIndex } from '../search-index.js'

const BUDGET_MS = 2_000
const OTHERS = 200
const STOP = AbortSignal.timeout(600_000)
// Java, on a machine that is at work on other things
const START_MS = 420_000
// a machine that does other things as well
const PATIENT_MS = 10_000

const wanted = realServer('elasticsearch')
const toxiproxy = realServer('toxiproxy')

describe.skipIf(wanted === undefined)(
  'Elasticsearch with Postgres beside it',
  { timeout: START_MS },
  () => {
    let server: OpenedServer
    let postgres: Postgres
    const { log, lines } = memoryLog()
    const opened: SearchIndex[] = []
    let url: string

    beforeAll(async () => {
      server = await openServer('elasticsearch')
    }, START_MS)
    afterAll(() => server.close(), START_MS)
    let number = 0
    beforeEach(async () => {
      postgres = await openTestPostgres()
      const own = new URL(server.url)
      own.searchParams.set('prefix', `test-${++number}`)
      url = own.href
    }, START_MS)
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((it) => it.stop(STOP)))
    }, START_MS)

    const track = async (index: SearchIndex) => {
      opened.push(index)
      await index.start()
      return index
    }
    /** As another process would open it. */
    const open = (budgetMs = BUDGET_MS) => {
      const within = new URL(url)
      within.searchParams.set('budgetMs', String(budgetMs))
      return track(openSearchIndex({ url: within.href, postgres, log }))
    }
    /** What Elasticsearch itself has. */
    const openElasticsearch = () =>
      track(
        createElasticsearchIndex({
          ...{ url: parseElasticsearchUrl(url, 'SEARCH_URL'), log, readMs: PATIENT_MS },
        }),
      )
    /** Complete, with one film, and answered by Elasticsearch. */
    const openComplete = async () => {
      const index = await open(PATIENT_MS)
      await index.rebuild((next) => next.upsert('film', [film('a')]))
      await until(() => index.degraded === false)
      return index
    }
    const idsOf = async (index: SearchIndex) =>
      (await index.films(everything)).hits.map(({ id }) => id).toSorted()
    const timed = async <T>(work: () => Promise<T>) => {
      const began = performance.now()
      return { answer: await work(), ms: performance.now() - began }
    }

    it('answers from Postgres until Elasticsearch was built', async () => {
      const index = await open(PATIENT_MS)
      await index.upsert('film', [film('a')])
      expect(index.degraded).toBe(true)
      expect(await idsOf(index)).toEqual(['a'])
      expect(await index.isComplete()).toBe(false)
      await index.rebuild((next) => next.upsert('film', [film('a'), film('b')]))
      await until(() => index.degraded === false)
      expect(await index.isComplete()).toBe(true)
      expect(await idsOf(index)).toEqual(['a', 'b'])
      expect(await idsOf(await openElasticsearch())).toEqual(['a', 'b'])
    })

    it('costs its budget once when it stands still, loses no write, and catches up', async () => {
      await openComplete()
      const index = await open()
      await until(() => index.degraded === false)
      await server.pause()
      try {
        const first = await timed(() => idsOf(index))
        expect(first.answer).toEqual(['a'])
        expect(first.ms).toBeGreaterThan(BUDGET_MS / 2)
        expect(index.degraded).toBe(true)
        const others = await timed(async () => {
          for (let asked = 0; asked < OTHERS; asked++) expect(await idsOf(index)).toEqual(['a'])
        })
        // a tenth of what it would be if each cost its budget
        expect(others.ms).toBeLessThan((OTHERS * BUDGET_MS) / 10)
        expect(index.degraded).toBe(true)
        expect(await index.ready()).toEqual({ ready: true })
        await index.upsert('film', [film('b', { version: 1 }), film('c')])
        await index.upsert('film', [film('b', { version: 2, title: { en: 'Later' } })])
        await index.remove('film', [{ id: 'a', version: 2 }])
        expect(await idsOf(index)).toEqual(['b', 'c'])
      } finally {
        await server.resume()
      }
      await until(() => index.degraded === false)
      const elasticsearch = await openElasticsearch()
      const later = documentDigest(film('b', { title: { en: 'Later' } }))
      expect(await elasticsearch.digests('film', { after: null, limit: 9 })).toEqual([
        { id: 'b', digest: later },
        { id: 'c', digest: documentDigest(film('c')) },
      ])
      expect(await idsOf(index)).toEqual(['b', 'c'])
      // the removal was sent as one
      await elasticsearch.upsert('film', [film('a', { version: 1 })])
      expect(await idsOf(elasticsearch)).toEqual(['b', 'c'])
    })

    it('is sent what it missed also by another process than the one that noted it', async () => {
      const index = await openComplete()
      await server.kill()
      await index.upsert('film', [film('b')])
      expect(await idsOf(index)).toEqual(['a', 'b'])
      // as when it dies
      await index.stop(STOP)
      await expect(open()).rejects.toThrow(ConfigError)
      await server.start()
      const next = await open(PATIENT_MS)
      await until(() => next.degraded === false)
      expect(await idsOf(await openElasticsearch())).toEqual(['a', 'b'])
    })

    describe.skipIf(toxiproxy === undefined)('and a network between', () => {
      const ways = {
        cuts: (network) => network.cut(),
        swallows: (network) => network.swallow(),
        'is slower than its budget': (network) => network.delay(3 * BUDGET_MS),
      } satisfies Record<string, (network: OpenedNetwork) => Promise<void>>

      it.each(Object.keys(ways) as (keyof typeof ways)[])(
        'that %s: answers from Postgres, loses no write, and catches up',
        async (way) => {
          const direct = url
          const network = await openNetwork({ toxiproxy: toxiproxy!, server: url })
          url = network.url
          await openComplete()
          const index = await open()
          await until(() => index.degraded === false)
          await ways[way](network)
          expect(await idsOf(index)).toEqual(['a'])
          expect(index.degraded).toBe(true)
          await index.upsert('film', [film('b')])
          await index.remove('film', [{ id: 'a', version: 2 }])
          expect(await idsOf(index)).toEqual(['b'])
          await network.mend()
          await until(() => index.degraded === false)
          url = direct
          expect(await idsOf(await openElasticsearch())).toEqual(['b'])
          await Promise.all(opened.splice(0).map((it) => it.stop(STOP)))
          await network.close()
        },
      )
    })

    it('continues a list where it was begun, or says that it cannot now', async () => {
      const index = await openComplete()
      await index.upsert(
        'film',
        ['b', 'c', 'd'].map((id) => film(id)),
      )
      const query = { ...everything, first: 2, sort: { field: 'TITLE', direction: 'ASC' } } as const
      const begun = await index.films(query)
      await server.kill()
      const after = begun.hits.at(-1)!.cursor
      await expect(index.films({ ...query, after })).rejects.toThrow(DependencyError)
      const anew = await index.films(query)
      expect(anew.hits.map(({ id }) => id)).toEqual(['a', 'b'])
      await server.start()
      await until(() => index.degraded === false)
      for (const cursor of [after, anew.hits.at(-1)!.cursor]) {
        const { hits } = await index.films({ ...query, after: cursor })
        expect(hits.map(({ id }) => id)).toEqual(['c', 'd'])
      }
      await expect(index.films({ ...query, after: 'x' })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      })
    })

    it('keeps the index that there is when it goes in the middle of a rebuild', async () => {
      const index = await openComplete()
      const rebuilt = index.rebuild(async (next) => {
        await next.upsert('film', [film('x')])
        await server.kill()
        await next.upsert('film', [film('y')])
      })
      await expect(rebuilt).rejects.toThrow(DependencyError)
      expect(await idsOf(index)).toEqual(['a'])
      await server.start()
      await until(() => index.degraded === false)
      expect(await idsOf(index)).toEqual(['a'])
    })

    it('says in words why it cannot start, and shows no password anywhere', async () => {
      const { password } = new URL(server.url)
      const wrong = new URL(url)
      wrong.password = 'wrong-secret'
      url = wrong.href
      await expect(open()).rejects.toThrow(/^SEARCH_URL: .* refuses this user or password$/)
      wrong.port = '1'
      url = wrong.href
      await expect(open()).rejects.toThrow(/^SEARCH_URL: no Elasticsearch answers at 127.0.0.1:1/)
      const said = JSON.stringify(lines)
      expect(lines.length).toBeGreaterThan(0)
      for (const secret of [password, 'wrong-secret', btoa(`elastic:${password}`)]) {
        expect(said).not.toContain(secret)
      }
    })
  },
)
