import { expect, test } from 'vitest'
import { readNdjson } from './ndjson.js'
import type { Row } from './row.js'

async function read(file: string | Buffer, size = 64_000): Promise<Row[]> {
  const bytes = Buffer.from(file as string)
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
  const rows: Row[] = []
  for await (const row of readNdjson(chunks())) rows.push(row)
  return rows
}

test('a row is a line, in chunks of any size, with or without a mark, CR and a last line end', async () => {
  const file = '\uFEFF{"slug":"м🎬"}\r\n\n  \n{"slug":"b"}'
  const rows = [
    { line: 1, bytes: 22, value: { slug: 'м🎬' } },
    { line: 4, bytes: Buffer.byteLength(file), value: { slug: 'b' } },
  ]
  for (const size of [1, 2, 3, 64]) expect(await read(file, size)).toEqual(rows)
})

test('a line that is no object, or not UTF-8, has a problem', async () => {
  const lines = ['{', '[1]', 'null', '"a"'].join('\n')
  const message = 'must be a JSON object in one line'
  expect(await read(lines)).toMatchObject(
    [1, 2, 3, 4].map((line) => ({ line, problem: { message } })),
  )
  const windows1251 = Buffer.from([0x22, 0xcc, 0x22])
  expect(await read(windows1251)).toMatchObject([{ problem: { message: 'must be UTF-8' } }])
})
