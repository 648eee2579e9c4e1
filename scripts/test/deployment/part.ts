import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { LogLine } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { ROOT } from '../../src/paths.js'
import { isBuildStale } from '../../stale-build.mjs'

export type Exit = readonly [code: number | null, signal: NodeJS.Signals | null]

/** One part of Cinegraph in a process of its own. */
export interface Part {
  /** Where its sources lie: `gateway`, `subgraphs/films`, `workers/outbox`. */
  readonly root: string
  /** Where it listens; the same for all its life. */
  readonly url: string
  /** All that it has logged. */
  readonly log: readonly LogLine[]
  /** Sends the signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>
  /** Starts it anew at the same address, after an end; resolves when it is ready. */
  startAgain(): Promise<void>
}

export interface PartOptions {
  readonly root: string
  /** All that it is told: nothing of this process's own environment reaches it. */
  readonly env: Readonly<Record<string, string | undefined>>
}

// what was built starts in half the time
const [FLAGS, MAIN] = isBuildStale()
  ? [['--conditions=source', '--import', 'tsx'], 'src/main.ts']
  : [[], 'dist/main.js']

const END_WITH_PARENT = path.join(import.meta.dirname, 'end-with-parent.mjs')
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** Resolves when it is ready. It ends with the test file at the latest. */
export async function startPart({ root, env }: PartOptions): Promise<Part> {
  const log: LogLine[] = []
  let port = '0'
  let child: ChildProcess

  async function start(): Promise<string> {
    child = spawn(
      process.execPath,
      ['--import', END_WITH_PARENT, ...FLAGS, path.join(root, MAIN)],
      {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'],
          NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/compiled'),
          ...env,
          PORT: port,
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    children.add(child)
    child.once('exit', () => children.delete(child))
    const lines = createInterface({ input: child.stdout! })
    const ready = Promise.withResolvers<undefined>()
    lines.on('line', (line) => {
      log.push(JSON.parse(line) as LogLine)
      if (log.at(-1)!.msg === 'ready') ready.resolve(undefined)
    })
    lines.once('close', () => ready.reject(new Error(`${root} ended before it was ready`)))
    await ready.promise
    return log.findLast(({ msg }) => msg === 'listening')!['url'] as string
  }

  const url = await start()
  port = new URL(url).port
  return {
    root,
    url,
    log,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null)
        return [child.exitCode, child.signalCode]
      const ended = once(child, 'exit')
      child.kill(signal)
      return (await ended) as [number | null, NodeJS.Signals | null]
    },
    async startAgain() {
      await start()
    },
  }
}
