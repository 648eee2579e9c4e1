import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import type { Postgres } from '../postgres/open.js'
import { createPostgresSearchIndex } from './postgres/search-index.js'
import type { SearchAdapter } from './contract/adapter.contract.js'
import { describeSearchIndex } from './search-index.contract.js'

let opened: Promise<Postgres> | undefined
const connect = () => (opened ??= openTestPostgres())

const onPostgres: SearchAdapter = {
  relevance: 0.97,
  async open(release = 0) {
    const { pool } = await connect()
    const index = createPostgresSearchIndex(pool, memoryLog().log, release)
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

const adapters = { 'postgres:': onPostgres }

for (const [name, adapter] of Object.entries(adapters)) describeSearchIndex(name, adapter)
