import { realServer } from '@cinegraph/testkit/real-server'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenedServer, openServer } from '../src/open-server.js'
import { SERVER_NAMES } from '../src/server-kind.js'
import { SERVERS } from '../src/servers/index.js'

// on a busy machine Java servers take their time
const START_MS = 180_000

// where a real one is at hand its programs are, too; the tests treat one of their own badly
for (const name of SERVER_NAMES) {
  describe.skipIf(realServer(name) === undefined)(name, { timeout: START_MS }, () => {
    let server: OpenedServer
    beforeAll(async () => {
      server = await openServer(name)
    }, START_MS)
    afterAll(() => server.close())
    const check = () => SERVERS[name].check(server.url)
    const hasPassword = SERVERS[name].url({ ports: [1], password: 'drawn' }).includes('drawn')

    test.runIf(hasPassword)('answers with its password only', async () => {
      await check()
      const wrong = new URL(server.url)
      wrong.password = 'wrong'
      await expect(SERVERS[name].check(wrong.href)).rejects.toThrow()
    })

    test('does not answer while it is paused, and then goes on', async () => {
      const { pid } = server
      await server.pause()
      await expect(check()).rejects.toThrow()
      await server.resume()
      // one that was away for long may have to join again
      await eventually(check)
      expect(server.pid).toBe(pid)
    })

    test.each(['kill', 'stop'] as const)('comes back at the same URL after %s', async (end) => {
      const { pid, url } = server
      await server[end]()
      await expect(check()).rejects.toThrow()
      await server.start()
      await check()
      expect(server.url).toBe(url)
      expect(server.pid).not.toBe(pid)
    })
  })
}
