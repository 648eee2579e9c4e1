import { parseArgs } from 'node:util'
import { MultiBar, Presets } from 'cli-progress'
import { z } from 'zod'
import { loadBulk } from './catalogue/bulk-load.js'
import { withCatalogue } from './catalogue/engines.js'
import { failReindex } from './catalogue/reindex.js'

const USAGE = `Usage: npm run seed:bulk -- --films N [--people N] [--seed N]
  --films   films to make, 1 to 5000000; the first 3200 have real titles
  --people  persons to make; a third of the films unless given
  --seed    another number makes another load; the same makes the same`

const FILMS_PER_PERSON = 3

const whole = (max: number) => z.coerce.number().int().min(1).max(max)
const argsSchema = z.object({
  films: whole(5_000_000),
  people: whole(5_000_000).optional(),
  seed: whole(1_000_000).default(1),
})

function readArgs() {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({ options: { films: text, people: text, seed: text } })
    return argsSchema.parse(values)
  } catch {
    console.error(USAGE)
    process.exit(2)
  }
}

try {
  const { films, seed, people = Math.ceil(films / FILMS_PER_PERSON) } = readArgs()
  const bars = new MultiBar(
    { format: '{name} [{bar}] {percentage} % {value}/{total} {eta_formatted}', noTTYOutput: true },
    Presets.shades_classic,
  )
  const bar = {
    persons: bars.create(people, 0, { name: 'persons' }),
    films: bars.create(films, 0, { name: 'films  ' }),
    index: bars.create(films, 0, { name: 'index  ' }),
  }
  await withCatalogue(async (engines) => {
    const counts = await loadBulk(engines, { films, people, seed }, (what, done) =>
      // the index also takes in what was there before
      bar[what].update(Math.min(done, bar[what].getTotal())),
    )
    bars.stop()
    console.log(`The index holds ${counts.film} films and ${counts.person} persons.`)
  })
  process.exit(0)
} catch (error) {
  failReindex('seed:bulk', error)
}
