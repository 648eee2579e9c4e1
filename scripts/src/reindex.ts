import { parseArgs } from 'node:util'
import { CatalogueRepository } from '@cinegraph/indexer/catalogue.repository'
import type { Difference } from '@cinegraph/indexer/compare'
import { repair, type Repaired } from '@cinegraph/indexer/repair'
import { MultiBar, Presets, type SingleBar } from 'cli-progress'
import type { CatalogueEngines } from './catalogue/demo.js'
import { withCatalogue } from './catalogue/engines.js'
import { catalogueOf, failReindex, reindex } from './catalogue/reindex.js'

const LISTED = 20
const NOT_COMPARED =
  'Elasticsearch was not compared: it was never filled, which `npm run reindex` does, or lacked documents or answers meanwhile. The log says which.'

interface Bars {
  create(name: string): SingleBar
  stop(): void
}

/** Bars as long as the catalogue is when they are made. */
async function barsFor({ postgres }: CatalogueEngines): Promise<Bars> {
  const { film, person, genre } = await new CatalogueRepository(postgres.prisma).counts()
  const bars = new MultiBar(
    { format: '{name} [{bar}] {percentage} % {value}/{total} {eta_formatted}', noTTYOutput: true },
    Presets.shades_classic,
  )
  return {
    create: (name) => bars.create(film + person + genre, 0, { name }),
    stop: () => bars.stop(),
  }
}

async function rebuild(engines: CatalogueEngines): Promise<void> {
  const bars = await barsFor(engines)
  const [sent, compared] = [bars.create('index  '), bars.create('compare')]
  const counts = await reindex({
    ...engines,
    onProgress: ({ film, person, genre }) => sent.update(film + person + genre),
    onCompared: () => compared.increment(),
  }).finally(() => bars.stop())
  const { film, person, genre } = counts
  console.log(`The index holds ${film} films, ${person} persons and ${genre} genres.`)
}

const lineOf = ({ kind, id, problem }: Difference) =>
  `  ${problem.padEnd(9)}  ${kind.padEnd(6)}  ${id}`

interface Comparison extends Repaired {
  readonly listed: readonly Difference[]
  readonly totals: Readonly<Record<Difference['problem'], number>>
  /** Whether both indexes were there to be compared, all the time; where there is one, that is. */
  readonly whole: boolean
}

async function compare(engines: CatalogueEngines): Promise<Comparison> {
  const { postgres, search } = engines
  const bars = await barsFor(engines)
  const compared = bars.create('compare')
  const listed: Difference[] = []
  const totals = { missing: 0, surplus: 0, different: 0 }
  let whole = true
  const look = () => {
    // then only the one that stands in is compared
    if (search.degraded) whole = false
  }
  look()
  const repaired = await repair({
    ...{ source: catalogueOf(postgres), search },
    onCompared: () => {
      compared.increment()
      look()
    },
    onDifference: (difference) => {
      totals[difference.problem]++
      if (listed.length < LISTED) listed.push(difference)
    },
  }).finally(() => bars.stop())
  look()
  return { ...repaired, listed, totals, whole }
}

/** Returns the exit code. */
async function check(engines: CatalogueEngines): Promise<number> {
  const { found, left, listed, totals, whole } = await compare(engines)
  if (found === 0) {
    console.log(`The index${whole ? '' : ' in Postgres'} is what the catalogue is.`)
  } else {
    console.log(listed.map(lineOf).join('\n'))
    if (found > listed.length) console.log(`  … and ${found - listed.length} more`)
    const { missing, surplus, different } = totals
    console.log(`${missing} documents were missing, ${surplus} surplus, ${different} different.`)
    console.log(
      left === 0
        ? 'All are repaired.'
        : `${left} are not what the catalogue is, also after they were sent again: run \`npm run reindex\`.`,
    )
  }
  if (!whole) console.log(NOT_COMPARED)
  return left === 0 && whole ? 0 : 1
}

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  let code = 0
  await withCatalogue(async (engines) => {
    if (values.check) code = await check(engines)
    else await rebuild(engines)
  })
  process.exit(code)
} catch (error) {
  failReindex('reindex', error)
}
