import { appendFile, rm, truncate } from 'node:fs/promises'
import type { ImportProblem } from '@cinegraph/kit/importing'

/** A line of the report. */
export interface Refusal {
  readonly line: number
  /** Null where it could not be read. */
  readonly kind: string | null
  /** The slug, or the external ids of a film without one. */
  readonly key: string | null
  readonly problems: readonly ImportProblem[]
}

/** The report of an import: a JSON object a line for each row that was refused. Without any, there is no file. */
export interface Refusals {
  /** Bytes that are in the file. */
  readonly bytes: number
  add(refusals: readonly Refusal[]): Promise<void>
}

/** Goes on after `bytes` of a report that is there already; what an interrupted batch added after them goes. */
export async function openRefusals(file: string, bytes: number): Promise<Refusals> {
  if (bytes === 0) await rm(file, { force: true })
  else await truncate(file, bytes)
  return {
    get bytes() {
      return bytes
    },
    async add(refusals) {
      if (refusals.length === 0) return
      const text = refusals.map((it) => `${JSON.stringify(it)}\n`).join('')
      await appendFile(file, text)
      bytes += Buffer.byteLength(text)
    },
  }
}
