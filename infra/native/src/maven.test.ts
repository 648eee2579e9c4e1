import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestOf } from './maven.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'digest '))
  await writeFile(path.join(folder, 'b.jar'), 'second')
  await writeFile(path.join(folder, 'a.jar'), 'first')
})
afterEach(() => rm(folder, { recursive: true }))

test('the digest is what sha256sum makes of all files', async () => {
  const shell = 'LC_ALL=C sha256sum * | sha256sum'
  const printed = execFileSync('/bin/sh', ['-c', shell], { cwd: folder, encoding: 'utf8' })
  expect(`${await digestOf(folder)}  -\n`).toBe(printed)
})

test('another content, name or file is another digest', async () => {
  const digests = [await digestOf(folder)]
  await writeFile(path.join(folder, 'a.jar'), 'other')
  digests.push(await digestOf(folder))
  await writeFile(path.join(folder, 'c.jar'), '')
  digests.push(await digestOf(folder))
  expect(new Set(digests).size).toBe(3)
})
