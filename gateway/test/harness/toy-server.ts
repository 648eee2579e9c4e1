import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { graphql, type GraphQLSchema } from 'graphql'

export interface Received {
  query: string
  headers: IncomingMessage['headers']
  /** Which connection it came over, counted from 0. */
  connection: number
  /** Settles when the caller has gone before it had its answer. */
  abandoned: Promise<void>
}

/** Replaces the answer to one request. */
export type Fault = (response: ServerResponse, answer: () => Promise<void>) => unknown

export interface ToyServer {
  readonly url: string
  /** Every request so far, in order of arrival. */
  readonly received: readonly Received[]
  /** Faults of the next requests, by attempt; `undefined` answers well. */
  script(...faults: (Fault | undefined)[]): void
  /** Resolves with the request that arrives as number `count`, counted from 1. */
  arrival(count: number): Promise<Received>
  close(): Promise<void>
}

/** A subgraph on a socket of its own that fails on request. */
export async function startToyServer(schema: GraphQLSchema): Promise<ToyServer> {
  const received: Received[] = []
  const waiting = new Map<number, (request: Received) => void>()
  const connections: object[] = []
  let faults: (Fault | undefined)[] = []
  const server = createServer((request, response) => void handle(request, response))
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const body = JSON.parse(await text(request)) as { query: string; variables: object }
    if (!connections.includes(request.socket)) connections.push(request.socket)
    const it: Received = {
      query: body.query,
      headers: request.headers,
      connection: connections.indexOf(request.socket),
      abandoned: new Promise((resolve) => {
        response.once('close', () => {
          if (!response.writableFinished) resolve()
        })
      }),
    }
    received.push(it)
    waiting.get(received.length)?.(it)
    const answer = async () => {
      const viewer = request.headers['x-cinegraph-viewer']
      const result = await graphql({
        schema,
        source: body.query,
        variableValues: body.variables as Record<string, unknown>,
        contextValue: { viewer },
      })
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result))
    }
    const fault = faults.shift()
    await (fault ? fault(response, answer) : answer())
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received,
    script: (...given) => void (faults = given),
    arrival: (count) =>
      new Promise((resolve) => {
        const there = received[count - 1]
        if (there) resolve(there)
        else waiting.set(count, resolve)
      }),
    async close() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export const answers = {
  /** Never answers. */
  silence: (): Fault => () => undefined,
  /** Answers when `release` settles. */
  after:
    (release: Promise<unknown>): Fault =>
    async (_response, answer) => {
      await release
      await answer()
    },
  text:
    (status: number, body: string): Fault =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body),
  /** Sends the beginning of an answer and no end. */
  endless: (): Fault => (response) => response.write('{"data":'),
  /** Sends the beginning of an answer and closes the connection. */
  torn: (): Fault => (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"data":')
    setImmediate(() => response.destroy())
  },
  /** Closes the connection with a TCP reset. */
  reset: (): Fault => (response) => response.socket?.resetAndDestroy(),
} as const
