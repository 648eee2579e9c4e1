import path from 'node:path'
import { csvHeader, readCsv, writeCsv } from './csv.js'
import { readNdjson, writeNdjson } from './ndjson.js'
import type { Row } from './row.js'

export const FORMATS = ['ndjson', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** What the extension of a file says; undefined when it says nothing. */
export function formatOf(file: string): Format | undefined {
  const extension = path.extname(file).slice(1).toLowerCase()
  if (extension === 'jsonl') return 'ndjson'
  return FORMATS.find((format) => format === extension)
}

export const READERS: Readonly<
  Record<Format, (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Row>>
> = { ndjson: readNdjson, csv: readCsv }

export interface Writer {
  /** What a file begins with. */
  readonly header: string
  readonly write: (records: readonly object[]) => string
}

export const WRITERS: Readonly<Record<Format, Writer>> = {
  ndjson: { header: '', write: writeNdjson },
  csv: { header: csvHeader(), write: writeCsv },
}
