import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { COLUMNS } from '../src/catalogue/exchange/columns.js'
import { ROOT } from '../src/paths.js'
import { openCatalogue } from './exchange.js'

const page = await readFile(path.join(ROOT, 'docs/import.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((it) => it[1]!)
const [example, wrong] = blocks('ndjson')
const [csv] = blocks('csv')
const [report] = blocks('json')

test('the example is imported, and that in CSV is the same catalogue', async () => {
  const [one, other] = [await openCatalogue(), await openCatalogue()]
  const made = (created: number) => ({ created, changed: 0, unchanged: 0, refused: 0 })
  const counts = { genre: made(1), person: made(2), film: made(2) }
  expect(await one.bring(example!)).toMatchObject({ counts, refusals: [] })
  expect(await other.bring(csv!, { format: 'csv' })).toMatchObject({ counts, refusals: [] })
  const told = await one.told()
  expect(await other.told()).toBe(told)
  expect(told).toContain('"character":"Maria | the robot"')
})

test('the table names every column, and of what it is, in the order of an export', () => {
  const rows = page
    .split('\n')
    .map((line) => /^\| (`.*?) +\| ((?:all|genre|person|film)(?:, \w+)*) +\|/.exec(line))
    .flatMap((row) =>
      row ? [...row[1]!.matchAll(/`(.+?)`/g)].map(([, name]) => [name, row[2]!]) : [],
    )
  const kinds = (column: (typeof COLUMNS)[number]) =>
    column.kinds.length === 3 ? 'all' : column.kinds.join(', ')
  expect(rows).toEqual(COLUMNS.map((column) => [column.name, kinds(column)]))
})

test('a row that is wrong is reported as the page says', async () => {
  const { refusals } = await (await openCatalogue()).bring(wrong!)
  expect(refusals).toEqual([JSON.parse(report!)])
})
