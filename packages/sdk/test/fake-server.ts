import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly operationName: string
  readonly query?: string
  readonly variables: Record<string, unknown>
  readonly extensions?: { persistedQuery: { version: number; sha256Hash: string } }
}
export interface Reply {
  readonly status?: number
  readonly headers?: Record<string, string>
  /** JSON, or text that is sent as it is. */
  readonly body: object | string
  /** Closes the connection in the middle of the body. */
  readonly torn?: boolean
}
export type Respond = (request: Received) => Reply | Promise<Reply>

/** A GraphQL endpoint over real HTTP whose answers a test scripts. */
export async function startFakeServer(respond: Respond) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const text = (await request.toArray()).join('')
      const parsed = JSON.parse(text) as Omit<Received, 'headers'>
      const got = { ...parsed, headers: request.headers }
      received.push(got)
      const { status = 200, headers = {}, body, torn = false } = await respond(got)
      const json = typeof body !== 'string'
      response.writeHead(status, {
        'content-type': json ? 'application/json' : 'text/html',
        ...headers,
      })
      const sent = json ? JSON.stringify(body) : body
      if (!torn) return response.end(sent)
      response.write(sent.slice(0, 5))
      setImmediate(() => response.destroy())
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    /** The operations received, in order. */
    operations: () => received.map((it) => it.operationName),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>

export const failure = (code: string, more: object = {}): Reply => ({
  body: {
    errors: [{ message: `${code}!`, extensions: { code, requestId: 'request-1', ...more } }],
  },
})
