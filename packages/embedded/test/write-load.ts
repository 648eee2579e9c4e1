// A process that owns an embedded Postgres and writes without end; it prints each number once Postgres has acknowledged it.
import { writeSync } from 'node:fs'
import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import { openEmbeddedPostgres } from '../src/postgres.js'

const WRITERS = 4
const [dataDir] = process.argv.slice(2)

const postgres = openEmbeddedPostgres({
  dataDir: dataDir!,
  log: createLogger({ name: 'write-load', level: 'error' }),
})
await postgres.start()
const pool = new pg.Pool({ connectionString: postgres.url, max: WRITERS })
await pool.query('CREATE TABLE IF NOT EXISTS acknowledged (n int PRIMARY KEY)')

let next = 0
async function write(): Promise<never> {
  for (;;) {
    const n = next++
    await pool.query('INSERT INTO acknowledged VALUES ($1)', [n])
    // synchronous: what was acknowledged is told, whatever happens to us next
    writeSync(1, `${n}\n`)
  }
}
await Promise.all(Array.from({ length: WRITERS }, write))
