import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { processStart } from '@cinegraph/embedded/process-facts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupEnds, signalGroup } from '../src/process-group.js'
import { readRecord, writeRecord } from '../src/server-record.js'
import { deleteServer, serverStatus, type Site, startServer, stopServer } from '../src/server.js'
import { OBEDIENT, shellServer } from './shell-server.js'

let site: Site
beforeEach(async () => {
  const state = await mkdtemp(path.join(tmpdir(), 'server '))
  // when we are root, servers are another user, who must be able to enter
  await chmod(state, 0o711)
  site = { kind: shellServer(state, OBEDIENT), state, cache: '/' }
})
afterEach(async () => {
  await stopServer(site, { patienceMs: 0 })
  await rm(site.state, { recursive: true })
})

const recorded = async () => (await readRecord(site.state, 'redis'))!
const starts = async () =>
  (await readFile(path.join(site.state, 'redis/starts'), 'utf8')).split('\n').length - 1
const withScript = (script: string) => {
  site = { ...site, kind: shellServer(site.state, script) }
}

test('a server is started once, and then left alone', async () => {
  expect(await serverStatus(site)).toEqual({ name: 'redis', phase: 'never started' })
  expect(await startServer(site)).toBe('started')
  const { process: leader, password, ports } = await recorded()
  expect(await startServer(site)).toBe('runs already')
  expect((await recorded()).process).toEqual(leader)
  expect(await starts()).toBe(1)
  expect(await serverStatus(site)).toMatchObject({
    ...{ name: 'redis', phase: 'runs', version: '1', pid: leader!.pid, port: ports[0] },
    url: `redis://:${password}@127.0.0.1:${ports[0]}/0`,
  })
})

test('one that died is started again: the same port, password and data', async () => {
  await startServer(site)
  const before = await recorded()
  await signalGroup(before.process!, 'SIGKILL')
  expect(await groupEnds(before.process!, 10_000)).toBe(true)
  expect(await serverStatus(site)).toMatchObject({ phase: 'died' })
  expect(await startServer(site)).toBe('started again')
  const after = await recorded()
  expect({ ...after, process: undefined }).toEqual({ ...before, process: undefined })
  expect(await starts()).toBe(2)
})

test('one that is stopped ends, and is not missed', async () => {
  await startServer(site)
  const { process: leader } = await recorded()
  expect(await stopServer(site)).toBe(true)
  expect(await processStart(leader!.pid)).not.toBe(leader!.start)
  expect(await readdir(path.join(site.state, 'redis'))).toEqual(['starts'])
  expect(await serverStatus(site)).toMatchObject({ phase: 'stopped' })
  expect(await stopServer(site)).toBe(false)
})

test('one that is paused is stopped too', async () => {
  await startServer(site)
  await signalGroup((await recorded()).process!, 'SIGSTOP')
  expect(await stopServer(site)).toBe(true)
  // it had its chance to end by itself
  expect(await readdir(path.join(site.state, 'redis'))).toEqual(['starts'])
})

test('one that does not end when asked is killed', async () => {
  withScript(OBEDIENT.replace('rm ready; exit 0', ''))
  await startServer(site)
  const { process: leader } = await recorded()
  expect(await stopServer(site, { patienceMs: 100 })).toBe(true)
  expect(await groupEnds(leader!, 0)).toBe(true)
})

test('a process that has its number by now is neither ended nor in the way', async () => {
  await startServer(site)
  const { process: stranger, ...record } = await recorded()
  await writeRecord(site.state, 'redis', { ...record, process: { ...stranger!, start: '1' } })
  expect(await serverStatus(site)).toMatchObject({ phase: 'died' })
  expect(await stopServer(site)).toBe(false)
  expect(await startServer(site)).toBe('started')
  expect(await signalGroup(stranger!, 'SIGKILL')).toBe(true)
})

test('one that ends by itself is an error with its last words, and does not count as started', async () => {
  withScript('echo the disk is on fire >&2; exit 3')
  await expect(startServer(site)).rejects.toThrow('redis ended by itself:\nthe disk is on fire')
  expect(await serverStatus(site)).toMatchObject({ phase: 'stopped' })
})

test('what it wrote is kept until it was started twice more', async () => {
  for (const word of ['first', 'second', 'third']) {
    withScript(`echo ${word}; exit 3`)
    await expect(startServer(site)).rejects.toThrow(word)
  }
  const log = (name: string) => readFile(path.join(site.state, name), 'utf8')
  expect(await log('redis.log')).toBe('third\n')
  expect(await log('redis.log.previous')).toBe('second\n')
})

test('a port of its own is kept, moved only by name, and never shared', async () => {
  await startServer(site)
  const { ports } = await recorded()
  await expect(startServer(site, { port: ports[0] + 1 })).rejects.toThrow(
    `redis already runs on port ${ports[0]}; stop it first`,
  )
  await stopServer(site)
  const other = createServer().listen(ports[0], '127.0.0.1')
  await once(other, 'listening')
  await expect(startServer(site)).rejects.toThrow(
    `port ${ports[0]} of redis is taken by another process`,
  )
  other.close()
})

test('what is deleted leaves nothing', async () => {
  await startServer(site)
  await stopServer(site)
  await deleteServer(site)
  expect(await readdir(site.state)).toEqual([])
})
