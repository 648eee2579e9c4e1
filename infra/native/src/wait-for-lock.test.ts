import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './wait-for-lock.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'turns '))
})
afterEach(() => rm(folder, { recursive: true }))

test('one works at a time, and whoever waits is told for whom', async () => {
  const order: string[] = []
  const waitedFor: number[] = []
  const turn = (name: string, work: () => Promise<unknown>) =>
    withLock(
      folder,
      async () => {
        order.push(`${name} begins`)
        await work()
        order.push(`${name} ends`)
      },
      (pid) => waitedFor.push(pid),
    )
  await turn('first', async () => {
    const others = [turn('second', async () => {}), turn('third', async () => {})]
    await until(() => waitedFor.length === 2)
    // the others outlast this turn
    void Promise.all(others)
  })
  await until(() => order.length === 6)
  expect(waitedFor).toEqual([process.pid, process.pid])
  expect(order.slice(0, 2)).toEqual(['first begins', 'first ends'])
  expect(order[2]?.replace('begins', 'ends')).toBe(order[3])
  expect(order[4]?.replace('begins', 'ends')).toBe(order[5])
})

test('work that fails gives its turn to the next', async () => {
  const failing = withLock(folder, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(await withLock(folder, async () => 'yes')).toBe('yes')
})

test('whoever was killed with the lock keeps nobody', async () => {
  await mkdir(path.join(folder, 'lock'))
  // our number, but of an earlier process
  const holder = JSON.stringify({ pid: process.pid, start: '1' })
  await writeFile(path.join(folder, 'lock/left.json'), holder)
  expect(await withLock(folder, async () => 'yes')).toBe('yes')
})
