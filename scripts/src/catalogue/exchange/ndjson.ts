import { parseJson } from '@cinegraph/kit/json'
import { encodingProblem, MAX_ROW_BYTES, type Row, unreadable } from './row.js'

const NEWLINE = 0x0a
const BOM = '\uFEFF'

/** A row for each line with a JSON object; empty lines are passed over. Holds one line at a time. */
export async function* readNdjson(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  let [line, bytes, length] = [1, 0, 0]
  let pieces: Buffer[] = []
  const add = (piece: Buffer) => {
    length += piece.length
    bytes += piece.length
    // of a line that is too long nothing is kept
    if (length <= MAX_ROW_BYTES) pieces.push(piece)
    else pieces = []
  }
  const end = (): Row | undefined => {
    const row = rowOf({ line, bytes }, pieces, length)
    pieces = []
    length = 0
    line += 1
    return row
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, to))
      bytes += 1
      from = to + 1
      const row = end()
      if (row) yield row
    }
    add(chunk.subarray(from))
  }
  const row = end()
  if (row) yield row
}

function rowOf(
  place: Pick<Row, 'line' | 'bytes'>,
  pieces: readonly Buffer[],
  length: number,
): Row | undefined {
  if (length > MAX_ROW_BYTES) {
    return { ...place, problem: unreadable(`must have at most ${MAX_ROW_BYTES} bytes`) }
  }
  const text = Buffer.concat(pieces).toString()
  const json = place.line === 1 && text.startsWith(BOM) ? text.slice(BOM.length) : text
  if (json.trim() === '') return undefined
  const problem = encodingProblem(json)
  if (problem) return { ...place, problem }
  const value = parseJson(json)
  return isObject(value)
    ? { ...place, value }
    : { ...place, problem: unreadable('must be a JSON object in one line') }
}

const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const writeNdjson = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')
