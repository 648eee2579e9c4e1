import { databaseUrl } from '@cinegraph/embedded/database-url'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { createLogger } from '@cinegraph/kit/logger'
import { readDemo } from '../../catalogue/demo.js'
import { withCatalogueAt } from '../../catalogue/engines.js'
import { reindex } from '../../catalogue/reindex.js'
import { writeCatalogue } from '../../catalogue/write-catalogue.js'
import { withPostgres } from './postgres.js'
import { generatedCatalogueSql } from './generated.sql.js'

export interface FillReport {
  /** Seconds. */
  readonly rows: number
  readonly index: number
  readonly comparing: number
  readonly filmsPerSecond: number
  readonly indexBytes: number
}

const FILMS_PER_PERSON = 3
const log = createLogger({ name: 'bench', level: 'error' })

/** Makes a database of so many films beside that of `url`, indexed by what operators index with. Returns its URL. */
export async function fill(
  url: string,
  films: number,
): Promise<{ url: string; report: FillReport }> {
  const name = `films_${films}`
  await withPostgres(url, ({ pool }) => pool.query(`CREATE DATABASE ${name}`))
  const own = databaseUrl(url, name)
  const report = await withCatalogueAt({ url: own, log }, async ({ postgres, search }) => {
    const began = performance.now()
    const { genres } = await readDemo()
    await writeCatalogue(postgres.prisma, { genres, people: [], films: [] })
    await generate(postgres, films, Math.ceil(films / FILMS_PER_PERSON))
    const made = performance.now()
    let indexed = made
    await reindex({ postgres, search, onProgress: () => (indexed = performance.now()) })
    const done = performance.now()
    const rows = (made - began) / 1_000
    const index = (indexed - made) / 1_000
    const comparing = (done - indexed) / 1_000
    return {
      ...{ rows, index, comparing, filmsPerSecond: (1_000 * films) / (done - made) },
      indexBytes: await sizeOfIndex(postgres),
    }
  })
  return { url: own, report }
}

/** Makes rows in a migrated database that has genres. */
export async function generate({ pool }: Postgres, films: number, people: number): Promise<void> {
  const client = await pool.connect()
  try {
    for (const sql of generatedCatalogueSql(films, people)) {
      await client.query(sql)
    }
  } finally {
    client.release(true)
  }
}

async function sizeOfIndex({ pool }: Postgres): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(pg_class.oid)) AS bytes FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'r' AND nspname LIKE 'search_%'`,
  )
  return Number(rows[0]!.bytes)
}
