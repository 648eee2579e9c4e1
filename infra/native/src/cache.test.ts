import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cached, findCached } from './cache.js'

let cache: string
beforeEach(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'cache '))
})
afterEach(() => rm(cache, { recursive: true }))

const make = async (folder: string) => {
  await writeFile(path.join(folder, 'program'), 'whole', { mode: 0o700 })
}

test('of many at once one makes it', async () => {
  let made = 0
  const folders = await Promise.all(
    Array.from({ length: 5 }, () =>
      cached(cache, 'redis-7', async (folder) => {
        made += 1
        await make(folder)
      }),
    ),
  )
  expect(made).toBe(1)
  expect(new Set(folders)).toEqual(new Set([path.join(cache, 'redis-7')]))
  expect(findCached(cache, 'redis-7')).toBe(folders[0])
  expect(await readdir(folders[0]!)).toEqual(['program'])
})

test('any user may run what lies there', async () => {
  const folder = await cached(cache, 'redis-7', make)
  expect((await stat(path.join(folder, 'program'))).mode & 0o777).toBe(0o755)
})

test('what could not be made is not there, and is made anew', async () => {
  const half = async (folder: string) => {
    await make(folder)
    throw new Error('the registry is down')
  }
  await expect(cached(cache, 'redis-7', half)).rejects.toThrow('the registry is down')
  expect(findCached(cache, 'redis-7')).toBeUndefined()
  await cached(cache, 'redis-7', make)
  expect(findCached(cache, 'redis-7')).toBeDefined()
})

test('what somebody left half made is not taken for whole', async () => {
  const left = path.join(cache, 'redis-7.making/content-left')
  await mkdir(left, { recursive: true })
  await writeFile(path.join(left, 'program'), 'half')
  await chmod(left, 0o700)
  const folder = await cached(cache, 'redis-7', make)
  expect(await readFile(path.join(folder, 'program'), 'utf8')).toBe('whole')
  expect(await readdir(path.dirname(left))).toEqual([])
})
