import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { CatalogueEngines } from '../catalogue/demo.js'
import { reindex } from '../catalogue/reindex.js'
import { compare, type Comparison, describeComparison } from './compare.js'

export interface ReindexingReport {
  readonly films: number
  readonly comparison: Comparison
}

/** Makes the index anew, beside copying the rows that it is made of into a plain table. The two count the same. */
export async function measureReindexing(
  { postgres, search }: CatalogueEngines,
  rounds: number,
): Promise<ReindexingReport> {
  await postgres.pool.query('CREATE TABLE IF NOT EXISTS plain_copy (document jsonb)')
  const comparison = await compare({
    baseline: { name: 'INSERT … SELECT', run: () => copyRows(postgres) },
    candidate: { name: 'reindex', run: () => reindex({ postgres, search }) },
    rounds,
  })
  const { film: films } = await copyRows(postgres)
  return { films, comparison }
}

async function copyRows({ pool }: Postgres) {
  await pool.query('TRUNCATE plain_copy')
  const copy = async (view: string) => {
    const text = `INSERT INTO plain_copy SELECT to_jsonb(it) FROM ${view} AS it`
    return (await pool.query(text)).rowCount!
  }
  const counts = {
    genre: await copy('people.indexed_genre'),
    person: await copy('people.indexed_person'),
    film: await copy('films.indexed_film'),
  }
  for (const view of ['people.indexed_film_genre', 'people.indexed_credit']) await copy(view)
  return counts
}

export function describeReindexing({ films, comparison }: ReindexingReport): string {
  const { baseline, candidate } = comparison
  const rate = ({ name, p50 }: Comparison['baseline']) =>
    `${name} ${Math.round((films / p50) * 1000).toLocaleString('en')}`
  return [
    describeComparison(`Reindexing ${films.toLocaleString('en')} films`, comparison),
    `  films a second: ${rate(candidate)}, ${rate(baseline)}`,
  ].join('\n')
}
