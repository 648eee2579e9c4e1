import { parseArgs } from 'node:util'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { MultiBar, Presets } from 'cli-progress'
import { z } from 'zod'
import { type BulkOptions, bulkFilm, bulkPerson } from './catalogue/bulk.js'
import { type CatalogueEngines, readDemo } from './catalogue/demo.js'
import { withCatalogue } from './catalogue/engines.js'
import { readRealFilms } from './catalogue/real-films.js'
import { reindex } from './catalogue/reindex.js'
import { writeCatalogue } from './catalogue/write-catalogue.js'

const USAGE = `Usage: npm run seed:bulk -- --films N [--people N] [--seed N]
  --films   films to make, 1 to 5000000; the first 3200 have real titles
  --people  persons to make; a third of the films unless given
  --seed    another number makes another load; the same makes the same`

const BATCH = 1_000
const FILMS_PER_PERSON = 3

const whole = (max: number) => z.coerce.number().int().min(1).max(max)
const argsSchema = z.object({
  films: whole(5_000_000),
  people: whole(5_000_000).optional(),
  seed: whole(1_000_000).default(1),
})

try {
  const { values } = parseArgs({
    options: { films: { type: 'string' }, people: { type: 'string' }, seed: { type: 'string' } },
  })
  const args = argsSchema.safeParse(values)
  if (!args.success) {
    console.error(USAGE)
    process.exit(2)
  }
  const { films, seed, people = Math.ceil(films / FILMS_PER_PERSON) } = args.data
  await withCatalogue(async (engines) => {
    const { genres } = await readDemo()
    const real = await readRealFilms()
    const bulk = { seed, people, real, genres: genres.map((it) => it.slug) }
    await writeCatalogue(engines.postgres.prisma, { genres, people: [], films: [] })
    await load(engines, { ...bulk, films })
  })
  process.exit(0)
} catch (error) {
  failProcess('seed:bulk', error)
}

/** Writes and indexes the load; holds one batch at a time, however large the load is. */
async function load(engines: CatalogueEngines, options: BulkOptions & { films: number }) {
  const { prisma } = engines.postgres
  const { films, people, seed } = options
  const bars = new MultiBar(
    { format: '{name} [{bar}] {percentage} % {value}/{total} {eta_formatted}', noTTYOutput: true },
    Presets.shades_classic,
  )
  const persons = bars.create(people, 0, { name: 'persons' })
  await inBatches(people, async (from, to) => {
    const batch = range(from, to).map((index) => bulkPerson(seed, index))
    await writeCatalogue(prisma, { genres: [], people: batch, films: [] })
    persons.update(to)
  })
  const rows = bars.create(films, 0, { name: 'films  ' })
  await inBatches(films, async (from, to) => {
    const batch = range(from, to).map((index) => bulkFilm(options, index))
    await writeCatalogue(prisma, { genres: [], people: [], films: batch })
    rows.update(to)
  })
  const indexed = bars.create(films, 0, { name: 'index  ' })
  const counts = await reindex({
    ...engines,
    onProgress: ({ film }) => indexed.update(Math.min(film, films)),
  })
  bars.stop()
  console.log(`The index holds ${counts.film} films and ${counts.person} persons.`)
}

async function inBatches(total: number, write: (from: number, to: number) => Promise<void>) {
  for (let from = 0; from < total; from += BATCH) await write(from, Math.min(from + BATCH, total))
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index)
