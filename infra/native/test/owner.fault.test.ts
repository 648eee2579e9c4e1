import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupEnds, type Leader, signalGroup } from '../src/process-group.js'

let state: string
beforeEach(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'owner '))
  await chmod(state, 0o711)
})
afterEach(() => rm(state, { recursive: true }))

/** Starts an owner, waits for the server it tells of, does something to it, and ends the owner with `kill -9`. */
async function killOwner(
  until: 'records' | 'ready',
  meanwhile: (leader: Leader) => Promise<unknown> = async () => {},
): Promise<Leader> {
  const owner = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions', 'source'],
      ...[path.join(import.meta.dirname, 'owner.ts'), state, until],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string]
  const leader = JSON.parse(line) as Leader
  await meanwhile(leader)
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  return leader
}

test("a test's server does not outlive the test, not even paused", async () => {
  const leader = await killOwner('ready', (it) => signalGroup(it, 'SIGSTOP'))
  expect(await groupEnds(leader, 10_000)).toBe(true)
})

test('a server never runs when the command is killed before it has recorded it', async () => {
  const leader = await killOwner('records')
  expect(await groupEnds(leader, 10_000)).toBe(true)
  expect(await readdir(path.join(state, 'redis'))).toEqual([])
})
