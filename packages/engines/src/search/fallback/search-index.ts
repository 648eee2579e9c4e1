import { DependencyError } from '@cinegraph/kit/errors'
import { createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { IndexContent, SearchIndex } from '../search-index.js'
import { bothOf } from './both.js'
import { Health } from './health.js'
import { createFallbackMetrics } from './metrics.js'
import { createReads } from './reads.js'
import type { Unsent } from '../postgres/unsent.js'

export interface FallbackOptions {
  /** Answers, as long as it does so in time and lacks nothing. */
  primary: SearchIndex
  /** Is always written first, and answers whenever the primary cannot. */
  standby: SearchIndex
  /** What the primary has not been told. */
  unsent: Pick<Unsent, 'start' | 'note' | 'isEmpty' | 'send'>
  /** Whether the primary is to blame for an error, and not what it was asked. */
  isOutage: (error: DependencyError) => boolean
  log: Logger
  metrics?: Registry | undefined
  /** Milliseconds that the primary may cost one question that the standby then answers. */
  budgetMs: number
}

/**
 * Two indexes as one. Both are written. The primary is asked while it answers, in time, and has everything that the standby has;
 * what it missed is noted in the database and sent before it is asked again. Why it works so: ADR 14.
 */
export function createFallbackIndex(options: FallbackOptions): SearchIndex {
  const { primary, standby, unsent, isOutage, log, budgetMs } = options
  const isUp = () => health.state === 'up'
  const measured = createFallbackMetrics(options.metrics, isUp)
  const health = new Health({ primary, unsent, log, budgetMs })

  const { read, readPage, readLists } = createReads({
    ...{ primary, standby, health, isOutage, log, budgetMs },
    fallback: () => measured.fallbacks.inc(),
  })

  const write = async (
    send: (content: IndexContent) => Promise<void>,
    note: () => Promise<void>,
  ): Promise<void> => {
    await send(standby)
    if (health.state !== 'down') {
      try {
        const sent = send(primary)
        sent.catch(() => {})
        // what comes of it later is no matter: versions decide
        await Promise.race([sent, health.outage])
        return
      } catch (error) {
        if (!(error instanceof DependencyError)) throw error
        health.goDown(error)
      }
    }
    await note()
  }

  const service = createService({
    name: 'search',
    async start() {
      await standby.start()
      await unsent.start()
      await primary.start()
      await health.start()
    },
    ready: () => standby.ready(),
    async stop(deadline) {
      await health.stop()
      await primary.stop(deadline)
      await standby.stop(deadline)
    },
  })
  return {
    ...service,
    get degraded() {
      return !isUp()
    },
    isComplete: async () => (await standby.isComplete()) && (await primary.isComplete()),
    async rebuild(fill) {
      // one within the other: the primary takes its place first, and when the standby then fails both are true all the same
      let inner: Awaited<ReturnType<SearchIndex['rebuild']>> = 'busy'
      const outcome = await standby
        .rebuild(async (next) => {
          inner = await primary.rebuild((second) => fill(bothOf(next, second)))
          if (inner === 'busy') throw new PrimaryBusy()
        })
        .catch((error: unknown) => {
          if (error instanceof PrimaryBusy) return 'busy' as const
          throw error
        })
      if (outcome === 'done') await health.check()
      return outcome
    },
    upsert: (kind, documents) =>
      write(
        (content) => content.upsert(kind, documents),
        () =>
          unsent.note(
            kind,
            documents.map((document) => ({ ...document, document })),
          ),
      ),
    remove: (kind, entries) =>
      write(
        (content) => content.remove(kind, entries),
        () => unsent.note(kind, entries),
      ),
    count: (kind) => standby.count(kind),
    digests: (kind, selection) =>
      (isUp() ? bothOf(standby, primary) : standby).digests(kind, selection),
    films: (query) => readPage(query, (index, it) => index.films(it)),
    filmLists: (queries) => readLists(queries, (index, them) => index.filmLists(them)),
    similarLists: (queries) => readLists(queries, (index, them) => index.similarLists(them)),
    similarFilms: (query) => readPage(query, (index, it) => index.similarFilms(it)),
    filmCount: (query) => read((index) => index.filmCount(query)),
    filmFacets: (query, facets) => read((index) => index.filmFacets(query, facets)),
    filmCountsByGenre: (ids, audiences) => read((index) => index.filmCountsByGenre(ids, audiences)),
    filmCountsByPerson: (persons, audiences) =>
      read((index) => index.filmCountsByPerson(persons, audiences)),
    creditsOf: (asked) => read((index) => index.creditsOf(asked)),
    audiences: () => read((index) => index.audiences()),
    persons: (query) => readPage(query, (index, it) => index.persons(it)),
    personCount: (query) => read((index) => index.personCount(query)),
    suggest: (query) => read((index) => index.suggest(query)),
  }
}

class PrimaryBusy extends Error {}
