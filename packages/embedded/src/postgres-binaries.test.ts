import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findPostgresBinaries, restoreLinks } from './postgres-binaries.js'

test.each([
  ['win32', 'x64'],
  ['linux', 'riscv64'],
])('a platform without binaries (%s %s) names DATABASE_URL', async (platform, arch) => {
  await expect(findPostgresBinaries(platform, arch)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(new RegExp(`^DATABASE_URL: .*${platform} ${arch}`)) as string,
  })
})

async function packageWithoutLinks(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'binaries-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const native = path.join(folder, 'native')
  await mkdir(path.join(native, 'lib'), { recursive: true })
  await writeFile(path.join(native, 'lib', 'libpq.so.5.18'), 'library')
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }))
  await writeFile(path.join(native, 'pg-symlinks.json'), JSON.stringify(links))
  return native
}

test('links that npm did not make are made, by several processes at once', async () => {
  const native = await packageWithoutLinks()
  await Promise.all([restoreLinks(native), restoreLinks(native), restoreLinks(native)])
  expect(await readFile(path.join(native, 'lib', 'libpq.so'), 'utf8')).toBe('library')
  expect(await readFile(path.join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library')
})

test('links that cannot be made say what to do', async () => {
  const native = await packageWithoutLinks()
  await rm(path.join(native, 'lib'), { recursive: true })
  await expect(restoreLinks(native)).rejects.toThrow(/^DATABASE_URL: .*npm rebuild.*\(ENOENT\)/)
})
