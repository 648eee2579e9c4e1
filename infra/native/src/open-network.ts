import { randomUUID } from 'node:crypto'
import { ANSWER_MS, type Distant } from './server-kind.js'

/** A network between us and a server. */
export interface OpenedNetwork extends AsyncDisposable {
  /** The server, as it is reached through the network; the same for as long as it is open. */
  readonly url: string
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>
  /** Lets connections be and new ones open, and passes nothing on, in either direction. */
  swallow(): Promise<void>
  /** Everything that the server says is late by so many milliseconds. */
  delay(ms: number): Promise<void>
  /** As it was. What was swallowed or cut is lost. */
  mend(): Promise<void>
  close(): Promise<void>
}

export interface NetworkOptions extends Distant {
  /** Of a Toxiproxy: `realServer('toxiproxy')`, or one of `openServer`. */
  toxiproxy: string
}

/** Opens a network that works, for a test to treat badly. It ends with `close()`, or with its Toxiproxy. */
export async function openNetwork({
  toxiproxy,
  server,
  port = 0,
}: NetworkOptions): Promise<OpenedNetwork> {
  const name = `network-${randomUUID()}`
  const { host: upstream } = new URL(server)
  const ask = (method: string, path: string, body?: unknown) =>
    askToxiproxy(`${toxiproxy}/proxies${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const { listen } = (await ask('POST', '', { name, listen: `127.0.0.1:${port}`, upstream })) as {
    listen: string
  }
  const toxics = new Set<string>()
  const poison = async (it: Toxic) => {
    toxics.add(it.name)
    await ask('POST', `/${name}/toxics`, it)
  }
  const url = new URL(server)
  url.host = listen
  const close = async () => {
    await ask('DELETE', `/${name}`)
  }
  const setEnabled = async (enabled: boolean) => {
    await ask('POST', `/${name}`, { enabled })
  }
  return {
    url: url.href,
    cut: () => setEnabled(false),
    async swallow() {
      for (const stream of ['upstream', 'downstream'] as const) {
        // 0: for as long as it lasts
        await poison({ ...timeout, name: `swallow-${stream}`, stream })
      }
    },
    delay: (latency) =>
      poison({ name: 'delay', type: 'latency', stream: 'downstream', attributes: { latency } }),
    async mend() {
      for (const it of toxics) await ask('DELETE', `/${name}/toxics/${it}`)
      toxics.clear()
      await setEnabled(true)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Toxic {
  name: string
  type: 'latency' | 'timeout'
  stream: 'upstream' | 'downstream'
  attributes: Readonly<Record<string, number>>
}
const timeout = { type: 'timeout', attributes: { timeout: 0 } } as const

async function askToxiproxy(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) })
  const text = await response.text()
  if (!response.ok) throw new Error(`Toxiproxy answers ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
