import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { describe } from 'vitest'
import type { Postgres } from '../postgres/open.js'
import { createElasticsearchIndex } from './elasticsearch/search-index.js'
import { ownIndexes } from './elasticsearch/own-indexes.contract.js'
import { createPostgresSearchIndex } from './postgres/search-index.js'
import type { SearchAdapter } from './contract/adapter.contract.js'
import { describeSearchIndex } from './search-index.contract.js'

// a machine that does other things as well
const PATIENT_MS = 30_000

let opened: Promise<Postgres> | undefined
const connect = () => (opened ??= openTestPostgres())

const onPostgres: SearchAdapter = {
  relevance: 0.97,
  async open(release = 0) {
    const { pool } = await connect()
    const index = createPostgresSearchIndex({
      ...{ pool, log: memoryLog().log },
      documentsVersion: release,
    })
    await index.start()
    return index
  },
  async clear() {
    const { pool } = await connect()
    const { rows } = await pool.query<{ drop: string }>(
      `SELECT 'DROP SCHEMA ' || nspname || ' CASCADE' AS drop FROM pg_namespace WHERE nspname LIKE 'search%'`,
    )
    for (const { drop } of rows) await pool.query(drop)
  },
}

describeSearchIndex('postgres:', onPostgres)

const url = realServer('elasticsearch')
describe.skipIf(url === undefined)('a real server', () => {
  const own = ownIndexes(url ?? '')
  describeSearchIndex('http:', {
    relevance: 0.97,
    async open(documentsVersion = 0) {
      const index = createElasticsearchIndex({
        ...{ url: own.url, log: memoryLog().log, documentsVersion, readMs: PATIENT_MS },
      })
      await index.start()
      return index
    },
    clear: () => own.clear(),
  })
})
