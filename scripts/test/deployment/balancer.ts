import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'

export interface Balancer {
  /** The one address, e.g. `http://127.0.0.1:41234`. */
  readonly url: string
  /** Shares the requests with one more process. */
  add(backend: string): void
  close(): Promise<void>
}

interface Backend {
  readonly url: string
  isUp: boolean
}

const CHECK_EVERY_MS = 200
/** Of one connection only: not for the next server. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding']

/**
 * What stands before several processes in a deployment, by the rules of nginx: requests in turn to those that are ready; one that
 * could not be connected to is passed over, one that breaks off is only when the request is a GET. Otherwise 502.
 */
export async function startBalancer(): Promise<Balancer> {
  const backends: Backend[] = []
  const agent = new Agent({ keepAlive: true })
  let turn = 0
  const next = (tried: ReadonlySet<Backend>): Backend | undefined => {
    const left = backends.filter((it) => it.isUp && !tried.has(it))
    return left[turn++ % left.length]
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat((await incoming.toArray()) as Buffer[])
    const tried = new Set<Backend>()
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    for (let backend = next(tried); backend; backend = next(tried)) {
      tried.add(backend)
      try {
        const answer = await ask(backend.url, { incoming, body, agent, signal: gone.signal })
        outgoing.writeHead(answer.statusCode!, endToEnd(answer.headers))
        return await pipeline(answer, outgoing)
      } catch (error) {
        if (gone.signal.aborted) return
        backend.isUp = false
        if (outgoing.headersSent) return void outgoing.destroy()
        if (!isUnsent(error) && incoming.method !== 'GET') break
      }
    }
    outgoing.writeHead(502, { 'content-type': 'text/plain' }).end('Bad Gateway')
  }

  const server = createServer((incoming, outgoing) => {
    // a client that goes away while it sends
    forward(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const checking = setInterval(() => backends.forEach((it) => void check(it)), CHECK_EVERY_MS)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (url) => void backends.push({ url, isUp: true }),
    async close() {
      clearInterval(checking)
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await once(server, 'close')
    },
  }
}

async function check(backend: Backend): Promise<void> {
  backend.isUp = await fetch(`${backend.url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

interface Forwarded {
  readonly incoming: IncomingMessage
  readonly body: Buffer
  readonly agent: Agent
  readonly signal: AbortSignal
}

async function ask(backend: string, forwarded: Forwarded): Promise<IncomingMessage> {
  const { incoming, body, agent, signal } = forwarded
  const before = incoming.headers['x-forwarded-for']
  const chain = [before ?? [], incoming.socket.remoteAddress ?? []].flat()
  const sent = request(new URL(incoming.url!, backend), {
    method: incoming.method!,
    headers: { ...endToEnd(incoming.headers), 'x-forwarded-for': chain.join(', ') },
    agent,
    signal,
  })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return answer
}

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)))

const isUnsent = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'connect'
