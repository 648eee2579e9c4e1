import { expect, test } from 'vitest'
import { findPostgresBinaries } from './postgres-binaries.js'

test.each([
  ['win32', 'x64'],
  ['linux', 'riscv64'],
])('a platform without binaries (%s %s) names DATABASE_URL', async (platform, arch) => {
  await expect(findPostgresBinaries(platform, arch)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(new RegExp(`^DATABASE_URL: .*${platform} ${arch}`)) as string,
  })
})
