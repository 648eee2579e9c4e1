import { CsvError, parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { cellsOf, COLUMNS, isColumn, recordOf } from './columns.js'
import { encodingProblem, FileError, MAX_ROW_BYTES, type Row, unreadable } from './row.js'

/**
 * A row for each record after the header (RFC 4180; lines may also end with LF). Throws a FileError for a header that is none.
 * A quote that does not end leaves nothing to be read after it: that is the problem of the last row.
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  const rows: Row[] = []
  let header: readonly string[] | undefined
  let next = 1
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    // a quote amidst a cell is text
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // called in the order of the file; the rows do not go through the stream's buffer
    on_record(cells: string[], { lines, bytes }) {
      const first = lines - cells.join('').split('\n').length + 1
      if (header === undefined) header = cells
      else rows.push(rowOf({ line: first, bytes }, header, cells))
      next = lines + 1
      return null
    },
  })
  parser.resume()
  // how it ends is heard of with the write during which it did
  parser.on('error', () => {})
  const told = (write: (done: (error?: Error | null) => void) => void) =>
    new Promise<Error | undefined>((resolve) => write((error) => resolve(error ?? undefined)))

  let checked = false
  function* drain() {
    if (header && !checked) checkHeader(header)
    checked ||= header !== undefined
    yield* rows.splice(0)
  }
  for await (const chunk of chunks) {
    const error = await told((done) => parser.write(chunk, done))
    yield* drain()
    if (error) {
      yield lastRow(error, next, parser.info.bytes)
      return
    }
  }
  const error = await told((done) => {
    parser.once('error', done)
    parser.end(done)
  })
  yield* drain()
  if (error) yield lastRow(error, next, parser.info.bytes)
  else if (header === undefined)
    throw new FileError('The file is empty: its first line must name columns.')
}

function rowOf(
  place: Pick<Row, 'line' | 'bytes'>,
  header: readonly string[],
  cells: readonly string[],
): Row {
  const problem =
    cells.length === header.length
      ? encodingProblem(cells.join(''))
      : unreadable(`must have ${header.length} cells as the header has, not ${cells.length}`)
  return problem ? { ...place, problem } : { ...place, value: recordOf(header, cells) }
}

function lastRow(error: Error, line: number, bytes: number): Row {
  if (!(error instanceof CsvError)) throw error
  const what =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? `is longer than ${MAX_ROW_BYTES} bytes, or a quote in it does not end`
      : 'has a quote that does not end'
  return { line, bytes, problem: unreadable(`${what}: nothing after it was read`) }
}

function checkHeader(header: readonly string[]): void {
  const unknown = header.filter((name) => !isColumn(name))
  if (unknown.length > 0) {
    throw new FileError(`The first line names columns that are not known: ${unknown.join(', ')}.`)
  }
  const twice = header.filter((name, index) => header.indexOf(name) !== index)
  if (twice.length > 0) throw new FileError(`The first line names ${twice.join(', ')} twice.`)
  if (!header.includes('kind')) throw new FileError('The first line must name the column kind.')
}

// csv-stringify quotes what holds a delimiter of its own; a lone LF ends a row for many readers
const STYLE = { record_delimiter: '\r\n', quoted_match: /[\r\n]/ }

export const csvHeader = (): string => stringify([COLUMNS.map(({ name }) => name)], STYLE)

export const writeCsv = (records: readonly object[]): string =>
  stringify(
    records.map((record) => cellsOf({ ...record })),
    STYLE,
  )
