import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import { createService, type Readiness } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { SearchIndex } from '../search-index.js'
import { Connection, refusalOf } from './connection.js'
import { createContent } from './content.js'
import type { ElasticsearchUrl } from './elasticsearch-url.js'
import { countByGenre, countFacets, listAudiences } from './facets.js'
import { countFilmsByPerson, listCredits } from './filmographies.js'
import { countFilms, findFilms, findLists } from './films.js'
import {
  DOCUMENTS_VERSION,
  ensureIndex,
  listIndexes,
  namesOf,
  refreshIndex,
  resolve,
} from './indexes.js'
import { createSearchMetrics } from './metrics.js'
import { countPersons, findPersons } from './persons.js'
import { createReader } from './reader.js'
import { rebuild } from './rebuild.js'
import { findSimilarFilms, findSimilarLists } from './similar-films.js'
import { createStems } from './stems.js'
import { suggest } from './suggest.js'
import { Vocabulary } from './vocabulary.js'
import type { Target } from './write.js'

const INCOMPLETE = 'lacks documents: run `npm run reindex`'

export interface ElasticsearchIndexOptions {
  url: ElasticsearchUrl
  log: Logger
  metrics?: Registry | undefined
  /** Milliseconds that one question may take. */
  readMs?: number | undefined
  documentsVersion?: number
}

/**
 * The index in Elasticsearch 8 or newer. Everything in it is derived. Another version of the documents or of their mapping has an
 * index of its own, `<prefix>-<8 hex digits>`, which is an alias of the one that was built last.
 */
export function createElasticsearchIndex(options: ElasticsearchIndexOptions): SearchIndex {
  const { url, log, readMs, documentsVersion = DOCUMENTS_VERSION } = options
  const connection = new Connection({ url, metrics: createSearchMetrics(options.metrics), readMs })
  const names = namesOf(url.prefix, documentsVersion)
  const reader = createReader(connection, names.current)
  const stems = createStems(reader)
  const vocabulary = new Vocabulary(connection)
  const nextVocabulary = new Vocabulary(connection)
  let opened: { index: string | undefined; complete: boolean } | undefined

  const look = async () => {
    const own = (await listIndexes(connection, names.current)).find(({ aliases }) =>
      aliases.has(names.current),
    )
    if (!own) throw new DependencyError('elasticsearch', 'the index is gone')
    return { index: own.name, complete: own.aliases.has(names.complete) }
  }
  const isReady = async () => {
    const now = await look()
    // only a complete index takes the place of another, or it was complete when this process started
    return now.complete || opened!.complete || now.index !== opened!.index
  }

  /**
   * Writes to the index that there is and, before, to the one that is built beside it. In this order, and until neither is new,
   * nothing is lost when they are exchanged in between: whoever fills the new one reads what there is after it was made.
   */
  const writeToBoth = async (task: (target: Target) => Promise<void>) => {
    const done = new Set<string>()
    for (;;) {
      const { current, next } = await resolve(connection, names)
      if (current === undefined) throw new DependencyError('elasticsearch', 'the index is gone')
      const left = [next, current].filter((it) => it !== undefined && !done.has(it))
      if (left.length === 0) return
      for (const index of left) {
        const words = index === next ? nextVocabulary : vocabulary
        await task({ connection, vocabulary: words, index: index!, atOnce: true }).catch(
          async (error: unknown) => {
            const there = await resolve(connection, names)
            if (there.current === index || there.next === index) throw error
          },
        )
        done.add(index!)
      }
    }
  }

  const service = createService({
    name: 'search',
    async start() {
      await ensureIndex(connection, names).catch((error: unknown) => {
        throw startProblem(error, url)
      })
      opened = await look()
    },
    ready: () =>
      isReady().then(
        (ready): Readiness => (ready ? { ready } : { ready, reason: INCOMPLETE }),
        () => ({ ready: false, reason: 'does not answer' }),
      ),
    stop: () => connection.close(),
  })
  return {
    ...service,
    isComplete: async () => (await look()).complete,
    rebuild: (fill) =>
      rebuild({ connection, log, names }, (index) => {
        const target = { connection, vocabulary: nextVocabulary, index, atOnce: false }
        const refresh = () => refreshIndex(connection, index)
        return fill(createContent(createReader(connection, index), (task) => task(target), refresh))
      }),
    ...createContent(reader, writeToBoth),
    films: (query) => findFilms({ reader, stems }, query),
    filmLists: (queries) => findLists(reader, queries),
    filmCount: (query) => countFilms(reader, query),
    filmFacets: (query, facets) => countFacets(reader, query, facets),
    filmCountsByGenre: (genreIds, audiences) => countByGenre(reader, genreIds, audiences),
    filmCountsByPerson: (persons, audiences) => countFilmsByPerson(reader, persons, audiences),
    creditsOf: (asked) => listCredits(reader, asked),
    similarFilms: (query) => findSimilarFilms(reader, query),
    similarLists: (queries) => findSimilarLists(reader, queries),
    audiences: () => listAudiences(reader),
    persons: (query) => findPersons(reader, query),
    personCount: ({ text }) => countPersons(reader, text),
    suggest: (query) => suggest(reader, query),
  }
}

/** Why there is no index to start with, in words and without user and password. */
function startProblem(error: unknown, { shown }: ElasticsearchUrl): unknown {
  if (!(error instanceof DependencyError)) return error
  const refusal = refusalOf(error)
  const problem = (text: string) => new ConfigError([`SEARCH_URL: ${text}`])
  if (refusal?.status === 401) return problem(`${shown} refuses this user or password`)
  if (refusal?.status === 403) {
    return problem(`${shown} does not let this user do what is needed (${refusal.type})`)
  }
  if (refusal) return problem(`${shown} cannot hold the index (${refusal.message})`)
  return problem(`no Elasticsearch answers at ${shown} (${(error.cause as Error).message})`)
}
