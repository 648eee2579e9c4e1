import { randomUUID } from 'node:crypto'
import { parseElasticsearchUrl } from '@cinegraph/engines/search/elasticsearch/elasticsearch-url'
import { createElasticsearchIndex } from '@cinegraph/engines/search/elasticsearch/search-index'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createLogger } from '@cinegraph/kit/logger'
import type { Client } from '@elastic/elasticsearch'
import { reindex } from '../../catalogue/reindex.js'
import { fill } from '../catalogue/fill.js'
import { readSamples, type Samples } from '../catalogue/operations.js'
import { withPostgres } from '../catalogue/postgres.js'
import { statementsOn } from '../catalogue/statements.js'
import { besideSent, recordAll, type Recorder } from '../recorded.js'
import { openClient, requestsOf } from './elasticsearch-requests.js'
import type { Measure } from './measure.js'
import { questionsTo } from './questions.js'

const log = createLogger({ name: 'bench', level: 'error' })
const STOP_MS = 10_000
/** A late answer is measured as well. */
const PATIENT_MS = 60_000

export interface SearchRounds {
  readonly films: number
  /** Different texts of each sort at most, which come in turn. */
  readonly texts: number
}

export interface SearchBench extends SearchRounds {
  /** Of Postgres; a database beside it is filled. */
  readonly url: string
  /** URL of an Elasticsearch, if there is one. */
  readonly elasticsearch: string | undefined
}

/** Measures indexes of generated films beside what they send alone. */
export async function benchSearch(bench: SearchBench, measure: Measure): Promise<void> {
  const { url } = await fill(bench.url, bench.films)
  await withPostgres(url, async (postgres) => {
    const samples = await readSamples(postgres, bench.texts)
    const index = openSearchIndex({ url, postgres, log })
    await using(index, () =>
      measureIndex(index, { name: 'Postgres', recorder: statementsOn(postgres), samples, measure }),
    )
    const { elasticsearch } = bench
    if (elasticsearch === undefined) return
    await withElasticsearch(elasticsearch, async (search, client) => {
      await reindex({ postgres, search })
      const recorder = requestsOf(client)
      await measureIndex(search, { name: 'Elasticsearch', recorder, samples, measure })
    })
  })
}

interface Measured<Sent> {
  name: string
  recorder: Recorder<Sent>
  samples: Samples
  measure: Measure
}

async function measureIndex<Sent>(
  index: SearchIndex,
  { name, recorder, samples, measure }: Measured<Sent>,
): Promise<void> {
  for (const [title, questions] of Object.entries(questionsTo(index, samples))) {
    const recorded = await recordAll(questions, recorder)
    const { baseline, candidate } = besideSent(recorded, recorder)
    await measure(`search in ${name}: ${title}`, {
      baseline: { name: 'what it sends alone', ...baseline },
      candidate: { name: 'the index', ...candidate },
    })
  }
}

/** An index of its own, which is deleted afterwards. */
async function withElasticsearch(
  server: string,
  use: (index: SearchIndex, client: Client) => Promise<void>,
): Promise<void> {
  const own = new URL(server)
  const prefix = `bench-${randomUUID()}`
  own.searchParams.set('prefix', prefix)
  const url = parseElasticsearchUrl(own.href, 'TEST_ELASTICSEARCH_URL')
  const client = openClient(url)
  const index = createElasticsearchIndex({ url, log, readMs: PATIENT_MS })
  try {
    await using(index, () => use(index, client))
  } finally {
    const names = Object.keys(await client.indices.getAlias({ index: `${prefix}-*` }))
    if (names.length > 0) await client.indices.delete({ index: names })
    await client.close()
  }
}

async function using(index: SearchIndex, use: () => Promise<void>): Promise<void> {
  await index.start()
  try {
    await use()
  } finally {
    await index.stop(AbortSignal.timeout(STOP_MS))
  }
}
