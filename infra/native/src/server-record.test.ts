import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  drawPassword,
  readRecord,
  recordFile,
  type ServerRecord,
  writeRecord,
} from './server-record.js'

let state: string
beforeEach(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'record '))
})
afterEach(() => rm(state, { recursive: true }))

const record: ServerRecord = {
  version: '4.1.0',
  ports: [20_001, 20_002],
  password: drawPassword(),
  process: { pid: 17, start: '4711', since: '2026-01-01T00:00:00.000Z' },
}

test('what is written is read, by its owner alone, and leaves nothing else', async () => {
  expect(await readRecord(state, 'kafka')).toBeUndefined()
  await writeRecord(state, 'kafka', { ...record, process: undefined })
  await writeRecord(state, 'kafka', record)
  expect(await readRecord(state, 'kafka')).toEqual(record)
  expect(await readdir(state)).toEqual(['kafka.json'])
  expect((await stat(recordFile(state, 'kafka'))).mode & 0o777).toBe(0o600)
})

test.each(['', '{"ports', '{}', JSON.stringify({ ...record, ports: [] })])(
  'what is no record is named, not guessed: %s',
  async (content) => {
    await writeFile(recordFile(state, 'kafka'), content)
    await expect(readRecord(state, 'kafka')).rejects.toThrow(
      `${recordFile(state, 'kafka')} is no record of a server`,
    )
  },
)

test('no two passwords are the same, and none needs quoting', () => {
  const passwords = Array.from({ length: 50 }, drawPassword)
  expect(new Set(passwords).size).toBe(50)
  for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{48}$/)
})
