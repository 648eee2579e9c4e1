import { type BulkOptions, bulkFilm, bulkPerson } from './bulk.js'
import { type CatalogueEngines, readDemo } from './demo.js'
import { readRealFilms } from './real-films.js'
import { reindex } from './reindex.js'
import { writeCatalogue } from './write-catalogue.js'

export interface BulkLoad {
  films: number
  people: number
  /** Another number makes another load; the same makes the same. */
  seed: number
}

/** What is being made, and how many of how many there are. */
export type ReportProgress = (what: 'persons' | 'films' | 'index', done: number) => void

const BATCH = 1_000

/** Writes and indexes a load over what it wrote before; holds one batch at a time, however large it is. Returns what the index holds. */
export async function loadBulk(
  engines: CatalogueEngines,
  { films, people, seed }: BulkLoad,
  report: ReportProgress,
) {
  const { prisma } = engines.postgres
  const { genres } = await readDemo()
  const real = await readRealFilms()
  const options: BulkOptions = { seed, people, real, genres: genres.map((it) => it.slug) }
  await writeCatalogue(prisma, { genres, people: [], films: [] })
  for (const [from, to] of batches(people)) {
    const batch = range(from, to).map((index) => bulkPerson(seed, index))
    await writeCatalogue(prisma, { genres: [], people: batch, films: [] })
    report('persons', to)
  }
  for (const [from, to] of batches(films)) {
    const batch = range(from, to).map((index) => bulkFilm(options, index))
    await writeCatalogue(prisma, { genres: [], people: [], films: batch })
    report('films', to)
  }
  return reindex({ ...engines, onProgress: ({ film }) => report('index', film) })
}

function* batches(total: number): Generator<[from: number, to: number]> {
  for (let from = 0; from < total; from += BATCH) yield [from, Math.min(from + BATCH, total)]
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index)
