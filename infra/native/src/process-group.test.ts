import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { processStart } from '@cinegraph/embedded/process-facts'
import { until } from '@cinegraph/testkit/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  childGroups,
  groupEnds,
  isAlive,
  memoryOf,
  type Leader,
  pauseAll,
  signalAll,
  signalGroup,
} from './process-group.js'
import { run } from './run.js'

let child: ChildProcess
let leader: Leader
beforeEach(async () => {
  // the second sleep is of the same group
  child = spawn('/bin/sh', ['-c', 'sleep 600 & sleep 600'], { detached: true, stdio: 'ignore' })
  await once(child, 'spawn')
  leader = { pid: child.pid!, start: (await processStart(child.pid!))! }
})
afterEach(() => signalAll(leader, 'SIGKILL'))

test('a signal reaches the whole group', async () => {
  expect(await isAlive(leader)).toBe(true)
  expect(await memoryOf(leader)).toBeGreaterThan(0)
  expect(await groupEnds(leader, 0)).toBe(false)
  expect(await signalGroup(leader, 'SIGKILL')).toBe(true)
  expect(await groupEnds(leader, 10_000)).toBe(true)
  expect(await memoryOf(leader)).toBe(0)
  expect(await isAlive(leader)).toBe(false)
  expect(await signalGroup(leader, 'SIGKILL')).toBe(false)
})

test('a group that is paused can still be ended', async () => {
  expect(await pauseAll(leader)).toBe(true)
  expect(await isAlive(leader)).toBe(true)
  expect(await signalGroup(leader, 'SIGKILL')).toBe(true)
  expect(await groupEnds(leader, 10_000)).toBe(true)
  expect(await pauseAll(leader)).toBe(false)
})

test('a process that has the number of an earlier one is not touched', async () => {
  const earlier = { ...leader, start: '1' }
  expect(await isAlive(earlier)).toBe(false)
  expect(await signalGroup(earlier, 'SIGKILL')).toBe(false)
  expect(await isAlive(leader)).toBe(true)
})

const PARENT = `
require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
console.log('ready')
setInterval(() => {}, 600_000)`

test('children with groups of their own are paused and ended as well', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT], { detached: true })
  await once(parent.stdout, 'data')
  await signalGroup(leader, 'SIGKILL')
  leader = { pid: parent.pid!, start: (await processStart(parent.pid!))! }
  const children = await childGroups(leader)
  expect(children).toHaveLength(1)
  expect(await pauseAll(leader)).toBe(true)
  await until(async () => (await stateOf(children[0]!)).startsWith('T'))
  expect(await signalAll(leader, 'SIGKILL')).toBe(true)
  expect(await groupEnds(leader, 10_000, children)).toBe(true)
})

const stateOf = (pid: number) => run('ps', ['-o', 'stat=', '-p', String(pid)])
