import type { Progress } from '@cinegraph/kit/progress'
import { fill, type FillReport } from './catalogue/fill.js'
import { measureOperation, type OperationReport } from './catalogue/measure.js'
import { operationsOn, readSamples } from './catalogue/operations.js'
import { withPostgres } from './catalogue/postgres.js'
import { withStage } from './stage.js'

export interface CatalogueRounds {
  /** How many films, from few to many. */
  readonly sizes: readonly number[]
  readonly rounds: number
  /** Different requests of an operation at most, which come in turn. */
  readonly requests: number
}

/** An hour, most of it for a million films. */
export const FULL: CatalogueRounds = {
  sizes: [1_000, 100_000, 1_000_000],
  rounds: 200,
  requests: 20,
}
/** Whether it runs; the figures mean nothing. */
export const QUICK: CatalogueRounds = { sizes: [200, 400], rounds: 2, requests: 2 }

export interface SizeReport {
  readonly films: number
  readonly fill: FillReport
  /** Of this process, after the operations. */
  readonly residentBytes: number
  readonly operations: readonly OperationReport[]
}

/** What an operation costs with most films over what it costs with fewest, by medians. */
export interface Growth {
  readonly name: string
  readonly flat: boolean
  readonly gateway: number
  readonly statements: number
}

export interface CatalogueReport {
  readonly sizes: readonly SizeReport[]
  readonly growth: readonly Growth[]
}

/** Nothing is answered from a cache: what is measured is what a miss costs. */
const UNCACHED = { CACHE_URL: 'memory:?maxBytes=1', DEMO_DATA: 'false' }

/** Measures what readers ask for, in databases of different sizes beside the given one, which stays empty. */
export async function benchCatalogue(
  databaseUrl: string,
  { sizes, ...rounds }: CatalogueRounds,
  progress: Progress,
): Promise<CatalogueReport> {
  const reports: SizeReport[] = []
  for (const films of sizes) {
    const title = `${films.toLocaleString('en')} films`
    const { url, report } = await progress.step(
      title,
      () => fill(databaseUrl, films),
      () => 'made and indexed',
    )
    const measured = await progress.step(
      title,
      () => measureAll(url, rounds),
      () => 'measured',
    )
    reports.push({ films, fill: report, ...measured })
  }
  return { sizes: reports, growth: growthOf(reports) }
}

export const measureAll = (
  url: string,
  { rounds, requests }: Pick<CatalogueRounds, 'rounds' | 'requests'>,
) =>
  withStage(
    url,
    ({ gateway }) =>
      withPostgres(url, async (postgres) => {
        const operations: OperationReport[] = []
        for (const operation of operationsOn(await readSamples(postgres, requests))) {
          operations.push(await measureOperation(operation, { gateway, postgres, rounds }))
        }
        return { operations, residentBytes: process.memoryUsage.rss() }
      }),
    UNCACHED,
  )

function growthOf(reports: readonly SizeReport[]): Growth[] {
  const [fewest, most] = [reports[0]!, reports.at(-1)!]
  return most.operations.map(({ name, flat, comparison }, index) => {
    const before = fewest.operations[index]!.comparison
    return {
      ...{ name, flat },
      gateway: comparison.candidate.p50 / before.candidate.p50,
      statements: comparison.baseline.p50 / before.baseline.p50,
    }
  })
}

export const describeCatalogue = ({ sizes, growth }: CatalogueReport): string =>
  [...sizes.map(describeSize), describeGrowth(growth)].join('\n\n')

function describeSize({ films, fill, residentBytes, operations }: SizeReport): string {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`
  const head = 'p50     p95     p99 SQL p50     p99  ratio     /s /s of CPU'
  return [
    `${films.toLocaleString('en')} films: rows in ${fill.rows.toFixed(0)} s, index in ${fill.index.toFixed(0)} s and comparing it in ${fill.comparing.toFixed(0)} s: ${fill.filmsPerSecond.toFixed(0)} films a second`,
    `  index ${gigabytes(fill.indexBytes)}, this process ${gigabytes(residentBytes)}`,
    `  ${''.padEnd(30)} ${head}`,
    ...operations.map(describeOperation),
  ].join('\n')
}

function describeOperation({ name, comparison, perSecond, perCpuSecond }: OperationReport): string {
  const { baseline, candidate, ratio } = comparison
  const cells = [candidate.p50, candidate.p95, candidate.p99, baseline.p50, baseline.p99]
  return `  ${name.padEnd(26)} ${cells.map((it) => it.toFixed(1).padStart(7)).join(' ')} ${ratio.toFixed(2).padStart(6)} ${perSecond.toFixed(0).padStart(6)} ${perCpuSecond.toFixed(0).padStart(6)}`
}

const describeGrowth = (growth: readonly Growth[]): string =>
  [
    'Most films beside fewest, by medians (those marked are to stay below 1.5)',
    ...growth.map(
      ({ name, flat, gateway, statements }) =>
        `${flat ? '*' : ' '} ${name.padEnd(26)} gateway ${gateway.toFixed(2)}, SQL ${statements.toFixed(2)}`,
    ),
  ].join('\n')
