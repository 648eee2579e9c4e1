import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openRefusals, type Refusal } from './refusals.js'

const refusal: Refusal = { line: 7, kind: 'film', key: 'm', problems: [] }
const TOLD = `${JSON.stringify(refusal)}\n`

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-refusals-'))
  file = path.join(folder, 'report.ndjson')
})
afterEach(() => rm(folder, { recursive: true }))

it.each([
  ['what an interrupted batch added goes', { there: 'known\nhalf', known: 6 }, `known\n${TOLD}`],
  ['one that was cut meanwhile goes on as it is', { there: 'kn', known: 6 }, `kn${TOLD}`],
  ['one of an earlier import is begun anew', { there: 'old\n', known: 0 }, TOLD],
])('of a report that is there, %s', async (_, { there, known }, expected) => {
  await writeFile(file, there)
  const refusals = await openRefusals(file, known)
  await refusals.add([refusal])
  expect(await readFile(file, 'utf8')).toBe(expected)
  expect(refusals.bytes).toBe(expected.length)
})

it('goes on without the report that somebody took away', async () => {
  const refusals = await openRefusals(file, 6)
  await refusals.add([refusal])
  expect(await readFile(file, 'utf8')).toBe(TOLD)
})
