import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { choosePorts, isFree } from './ports.js'

test('a port is free until somebody listens on it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await isFree(port)).toBe(false)
  server.close()
  await once(server, 'close')
  expect(await isFree(port)).toBe(true)
})

test('chosen ports differ, are free, and below those of outgoing connections', async () => {
  const ports = await choosePorts(20)
  expect(new Set(ports).size).toBe(20)
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(30_000)
    expect(await isFree(port)).toBe(true)
  }
})

test('a port that was asked for comes first', async () => {
  const [first, second, ...others] = await choosePorts(2, 6379)
  expect(first).toBe(6379)
  expect(second).not.toBe(6379)
  expect(others).toEqual([])
})
