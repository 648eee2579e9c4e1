import { expect, it } from 'vitest'
import { once } from './explorer.js'

it('a page is made once, and again only when that failed', async () => {
  let attempts = 0
  const page = once(async () => {
    attempts += 1
    if (attempts === 1) throw new Error('no such module')
    return attempts
  })
  await expect(page()).rejects.toThrow('no such module')
  expect([await page(), await page()]).toEqual([2, 2])
})
