import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { parseJson } from '@cinegraph/kit/json'
import { z } from 'zod'
import { KINDS, type Kind } from './record.js'

const count = z.int().min(0)
const countsSchema = z.object({ created: count, changed: count, unchanged: count, refused: count })

const checkpointSchema = z.object({
  /** Which import: the file, as it is, and the database. */
  of: z.string(),
  /** New ids are made of it, so that what was half written before an interruption gets the same again. */
  run: z.uuid(),
  pass: z.enum(['people', 'films']),
  /** The last line of the pass that is done. */
  line: count,
  /** Rows that are done. */
  rows: count,
  counts: z.record(z.enum(KINDS), countsSchema),
  /** Rows that could not be read. */
  unreadable: count,
  /** The file that refused rows are told of in, and how much of it is of this import. */
  report: z.string(),
  reportBytes: count,
})

/** Where an import stands. */
export type Checkpoint = z.output<typeof checkpointSchema>
export type Pass = Checkpoint['pass']
export type Counts = Readonly<Record<Kind, z.output<typeof countsSchema>>>

const NONE = { created: 0, changed: 0, unchanged: 0, refused: 0 }

export const beginning = (of: string, report: string): Checkpoint => ({
  of,
  report,
  run: randomUUID(),
  pass: 'people',
  line: 0,
  rows: 0,
  counts: { genre: NONE, person: NONE, film: NONE },
  unreadable: 0,
  reportBytes: 0,
})

/** A small file beside the one that is imported; it goes when the import is done. */
export interface CheckpointFile {
  /** Undefined where there is none of this import. */
  load(of: string): Promise<Checkpoint | undefined>
  save(checkpoint: Checkpoint): Promise<void>
  remove(): Promise<void>
}

export function checkpointFile(path: string): CheckpointFile {
  return {
    async load(of) {
      const text = await readFile(path, 'utf8').catch(unlessAbsent)
      const { data } = checkpointSchema.safeParse(parseJson(text ?? ''))
      return data?.of === of ? data : undefined
    },
    async save(checkpoint) {
      const draft = `${path}.draft`
      await writeFile(draft, JSON.stringify(checkpoint))
      await rename(draft, path)
    },
    remove: () => rm(path, { force: true }),
  }
}

/** For what leaves no trace, such as a dry run. */
export const noCheckpoint: CheckpointFile = {
  load: async () => undefined,
  save: async () => {},
  remove: async () => {},
}

const unlessAbsent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}
