import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLockHolder, lockDataFolder } from './lock.js'

let folder: string
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'lock ')), 'made', 'by the lock')
})
afterEach(() => rm(path.dirname(path.dirname(folder)), { recursive: true }))

test('a second one is told that the first is starting, later where it answers', async () => {
  const lock = await lockDataFolder(folder)
  await expect(lockDataFolder(folder)).rejects.toMatchObject({
    name: 'ConfigError',
    message: `CINEGRAPH_DATA: Cinegraph already runs on ${folder}: it is still starting (process ${process.pid})`,
  })
  await lock.announce({ url: 'http://127.0.0.1:4000/graphql' })
  await expect(lockDataFolder(folder)).rejects.toThrow(
    `it answers at http://127.0.0.1:4000/graphql (process ${process.pid})`,
  )
})

test('a released folder can be taken again, and holds nothing but the lock', async () => {
  const first = await lockDataFolder(folder)
  await first.release()
  expect(await findLockHolder(folder)).toBeUndefined()
  await lockDataFolder(folder)
  expect(await readdir(folder)).toEqual(['lock'])
  const [file, ...others] = await readdir(path.join(folder, 'lock'))
  expect(others).toEqual([])
  expect((await stat(path.join(folder, 'lock', file ?? ''))).mode & 0o777).toBe(0o600)
})

const endedProcess = () => Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }))

test.each([
  ['a process that has ended', () => JSON.stringify({ pid: endedProcess(), start: '1' })],
  ['an earlier process with our number', () => JSON.stringify({ pid: process.pid, start: '1' })],
  ['nobody we could name', () => '{"pid'],
])('the lock of %s is taken over, by one of many', { repeats: 10 }, async (_, content) => {
  await (await lockDataFolder(folder)).release()
  await mkdir(path.join(folder, 'lock'))
  await writeFile(path.join(folder, 'lock', 'left-behind.json'), content())
  const takers = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder)))
  expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await findLockHolder(folder)).toMatchObject({ pid: process.pid })
  expect(await readdir(folder)).toEqual(['lock'])
  expect(await readdir(path.join(folder, 'lock'))).toHaveLength(1)
})

test('a folder that cannot be made names it', async () => {
  await lockDataFolder(folder)
  const below = path.join(folder, 'file', 'data')
  await writeFile(path.join(folder, 'file'), '')
  await expect(lockDataFolder(below)).rejects.toThrow(
    `CINEGRAPH_DATA: cannot use the folder ${below} (ENOTDIR`,
  )
})
