import { createLogger } from '@cinegraph/kit/logger'
import type { Progress } from '@cinegraph/kit/progress'
import { loadBulk } from '../catalogue/bulk-load.js'
import type { CatalogueEngines } from '../catalogue/demo.js'
import { withCatalogueAt } from '../catalogue/engines.js'
import { describeEdits, type EditsReport, type EditsRounds, measureEdits } from './edits.js'
import { describeReindexing, measureReindexing, type ReindexingReport } from './reindexing.js'
import { withStage } from './stage.js'

export interface EditingReport {
  readonly edits: EditsReport
  /** By size of the catalogue. */
  readonly reindexing: readonly ReindexingReport[]
}

export interface EditingRounds {
  readonly edits: EditsRounds
  readonly reindexing: readonly { films: number; rounds: number }[]
}

const log = createLogger({ name: 'bench', level: 'error' })
const FILMS = 2_000
const FILMS_PER_PERSON = 3

/** Some minutes. */
export const FULL: EditingRounds = {
  edits: { perSecond: 50, seconds: 30, warmUpSeconds: 3 },
  reindexing: [
    { films: FILMS, rounds: 5 },
    { films: 20_000, rounds: 3 },
  ],
}
/** Whether it runs; the figures mean nothing. */
export const QUICK: EditingRounds = {
  edits: { perSecond: 20, seconds: 1, warmUpSeconds: 1 },
  reindexing: [{ films: FILMS, rounds: 1 }],
}

/** Measures how soon edits are searchable and how fast the index is made anew, on an empty database. */
export async function benchEditing(
  databaseUrl: string,
  { edits, reindexing }: EditingRounds,
  progress: Progress,
): Promise<EditingReport> {
  const load = (engines: CatalogueEngines, films: number) =>
    progress.step(
      `${films} films`,
      () =>
        loadBulk(
          engines,
          { films, people: Math.ceil(films / FILMS_PER_PERSON), seed: 1 },
          () => {},
        ),
      () => 'loaded',
    )
  await withCatalogueAt({ url: databaseUrl, log }, (engines) => load(engines, FILMS))
  const edited = await progress.step(
    'edits',
    () => withStage(databaseUrl, (stage) => measureEdits(stage, databaseUrl, edits)),
    () => 'measured',
  )
  const reindexed = await withCatalogueAt({ url: databaseUrl, log }, async (engines) => {
    const reports: ReindexingReport[] = []
    for (const { films, rounds } of reindexing) {
      await load(engines, films)
      const measure = () => measureReindexing(engines, rounds)
      reports.push(await progress.step('reindexing', measure, () => 'measured'))
    }
    return reports
  })
  return { edits: edited, reindexing: reindexed }
}

export const describeEditing = ({ edits, reindexing }: EditingReport): string =>
  [describeEdits(edits), ...reindexing.map(describeReindexing)].join('\n\n')
