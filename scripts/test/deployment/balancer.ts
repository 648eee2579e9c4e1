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
import { setTimeout } from 'node:timers/promises'

export interface Balancer {
  /** The one address, e.g. `http://127.0.0.1:41234`. */
  readonly url: string
  /** Shares the requests with one more process. */
  add(backend: string): void
  /** Whether a process gets requests. */
  isUp(backend: string): boolean
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
    const left = backends.filter((it) => !tried.has(it))
    const up = left.filter(({ isUp }) => isUp)
    // when none is known to be, one may be all the same
    const candidates = up.length > 0 ? up : left
    return candidates[turn++ % candidates.length]
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
        await pipeline(answer, outgoing)
        return
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
  const closing = new AbortController()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add(url) {
      const backend = { url, isUp: true }
      backends.push(backend)
      void keepChecking(backend, closing.signal)
    },
    isUp: (url) => backends.some((it) => it.url === url && it.isUp),
    async close() {
      closing.abort()
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await once(server, 'close')
    },
  }
}

async function keepChecking(backend: Backend, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    backend.isUp = await fetch(`${backend.url}/readyz`, { signal }).then(
      ({ ok }) => ok,
      () => false,
    )
    await setTimeout(CHECK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
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
