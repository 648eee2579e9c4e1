import { describe, expect, test } from 'vitest'
import { readCsv, writeCsv } from './csv.js'
import { FileError, type Row } from './row.js'

/** Reads a file that comes in chunks of `size` bytes. */
async function read(file: string | Buffer, size = 64_000): Promise<Row[]> {
  const bytes = Buffer.from(file as string)
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
  const rows: Row[] = []
  for await (const row of readCsv(chunks())) rows.push(row)
  return rows
}

const HEADER = 'kind,slug,title.en,title.ru,ageRating,countries,hiddenWithoutRole,seasons\r\n'
const BOM = '\uFEFF'

describe('a CSV file', () => {
  test('is read row by row, by the notation of its columns', async () => {
    const [row] = await read(`${HEADER}film,m,"M, ""the"" murderer\n🎬",,16,DE|FR,true,[{}]\r\n`)
    expect(row!.value).toEqual({
      kind: 'film',
      slug: 'm',
      title: { en: 'M, "the" murderer\n🎬', ru: null },
      ageRating: 16,
      countries: ['DE', 'FR'],
      hiddenWithoutRole: true,
      seasons: [{}],
    })
  })

  test('may come in chunks of any size', async () => {
    const file = `${BOM}${HEADER}film,м,"🎬 \n x",Ё,16,,,\n\nfilm,n,N,,1,,,\n`
    const whole = await read(file)
    expect(whole.map(({ line }) => line)).toEqual([2, 5])
    for (const size of [1, 2, 3, 7]) expect(await read(file, size)).toEqual(whole)
  })

  test('leaves what is no number, boolean or JSON to the rules of the record', async () => {
    const [row] = await read(`${HEADER}film,m,M,,sixteen,,maybe,{\n`)
    expect(row!.value).toMatchObject({
      ...{ ageRating: 'sixteen', hiddenWithoutRole: 'maybe', seasons: '{' },
    })
  })

  test('takes away where a cell is empty and there is something to take away', async () => {
    const [row] = await read(`${HEADER}film,m,,,,,,\n`)
    expect(row!.value).toEqual({
      ...{ kind: 'film', slug: 'm', title: { en: null, ru: null } },
      ...{ countries: null, hiddenWithoutRole: null, seasons: null },
    })
    expect((await read(`${HEADER}genre,noir,,,,,,\n`))[0]!.value).toEqual({
      ...{ kind: 'genre', slug: 'noir' },
    })
  })

  test('has problems where a row has another number of cells, or is not UTF-8', async () => {
    const windows1251 = Buffer.from([0xcc, 0xe5, 0xf2])
    const rows = await read(
      Buffer.concat([Buffer.from(`${HEADER}film,m\nfilm,`), windows1251, Buffer.from(',,,,,,\n')]),
    )
    expect(rows).toMatchObject([
      { line: 2, problem: { message: 'must have 8 cells as the header has, not 2' } },
      { line: 3, problem: { message: 'must be UTF-8' } },
    ])
  })

  test('keeps a quote amidst a cell, and says where one does not end', async () => {
    const rows = await read(`${HEADER}film,m,5" disc,,,,,\nfilm,n,"open,,,,\nfilm,o,,,,,,\n`)
    expect(rows).toMatchObject([
      { line: 2, value: { title: { en: '5" disc' } } },
      { line: 3, problem: { message: 'has a quote that does not end: nothing after it was read' } },
    ])
  })

  test.each([
    ['kind,slug,color\n', 'The first line names columns that are not known: color.'],
    ['kind,slug,slug\n', 'The first line names slug twice.'],
    ['slug\n', 'The first line must name the column kind.'],
    ['', 'The file is empty: its first line must name columns.'],
  ])('is none with the header %j', async (header, words) => {
    await expect(read(header)).rejects.toThrow(new FileError(words))
  })
})

test('a row is written by RFC 4180', () => {
  const [, name] = writeCsv([{ kind: 'genre', name: { en: 'a "b"\nc' } }]).split('"a')
  expect(name).toMatch(/^ ""b""\nc",,+\r\n$/)
})
