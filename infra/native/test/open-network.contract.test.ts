import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { realServer } from '@cinegraph/testkit/real-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openNetwork, type OpenedNetwork } from '../src/open-network.js'

const PATIENCE_MS = 1_000
const toxiproxy = realServer('toxiproxy')

describe.skipIf(toxiproxy === undefined)('a network to a server', () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.end('answer')
  })
  let network: OpenedNetwork
  let before = 0
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  beforeEach(async () => {
    const { port } = server.address() as AddressInfo
    network = await openNetwork({
      toxiproxy: toxiproxy!,
      server: `http://user:word@127.0.0.1:${port}/path`,
    })
    before = asked
  })
  afterEach(() => network.close())
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  // each over a connection of its own
  const ask = async (signal?: AbortSignal) => {
    const { origin } = new URL(network.url)
    const response = await fetch(origin, {
      headers: { connection: 'close' },
      ...(signal ? { signal } : {}),
    })
    return response.text()
  }

  test('passes everything on, at a URL that differs in the port only', async () => {
    expect(await ask()).toBe('answer')
    const { port } = new URL(network.url)
    expect(network.url).toBe(`http://user:word@127.0.0.1:${port}/path`)
  })

  test('that is cut refuses connections, and takes them when it is mended', async () => {
    await network.cut()
    await expect(ask()).rejects.toThrow()
    await network.mend()
    expect(await ask()).toBe('answer')
    expect(asked - before).toBe(1)
  })

  test('that swallows takes connections and brings nothing to the server', async () => {
    await network.swallow()
    await expect(ask(AbortSignal.timeout(PATIENCE_MS))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    expect(asked - before).toBe(0)
    await network.mend()
    expect(await ask()).toBe('answer')
  })

  test('that is slow brings answers late', async () => {
    await network.delay(PATIENCE_MS)
    const begun = performance.now()
    expect(await ask()).toBe('answer')
    expect(performance.now() - begun).toBeGreaterThanOrEqual(PATIENCE_MS)
  })
})
