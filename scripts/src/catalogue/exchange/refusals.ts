import { appendFile, rm, stat, truncate } from 'node:fs/promises'
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

/**
 * Goes on after `known` bytes of a report that is there already; what an interrupted batch added after them goes. One that somebody
 * took away or cut meanwhile goes on as it is.
 */
export async function openRefusals(file: string, known: number): Promise<Refusals> {
  const size = await stat(file).then(
    (it) => it.size,
    () => 0,
  )
  let bytes = Math.min(known, size)
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
