import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const HOST = '127.0.0.1'
/**
 * Below those that systems give to outgoing connections (32768 and up on Linux): a server that died finds its port free
 * again, however many connections were made since.
 */
const RANGE = { from: 20_000, to: 30_000 }

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, HOST, () => probe.close(() => resolve(true)))
  })
}

/** `count` different free ports, the first of them `first` when it is given. */
export async function choosePorts(count: number, first?: number): Promise<[number, ...number[]]> {
  const chosen = new Set(first === undefined ? [] : [first])
  while (chosen.size < count) {
    const port = randomInt(RANGE.from, RANGE.to)
    if (!chosen.has(port) && (await isFree(port))) chosen.add(port)
  }
  return [...chosen] as [number, ...number[]]
}
