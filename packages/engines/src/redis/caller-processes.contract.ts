import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { vi } from 'vitest'
import type { CallerProcess, Told } from './caller-process.contract.js'

export interface Caller {
  readonly child: ChildProcess
  readonly told: readonly Told[]
  /** Lets it begin. */
  readonly go: () => void
  /** What its calls came to, when all have. */
  readonly answers: () => Promise<readonly number[]>
}

const PATIENCE = { timeout: 25_000, interval: 20 }

/** Processes that are ready to call at once. */
export async function startCallers(count: number, options: CallerProcess): Promise<Caller[]> {
  const callers = Array.from({ length: count }, () => startCaller(options))
  await vi.waitUntil(() => callers.every(({ told }) => told.length > 0), PATIENCE)
  return callers
}

function startCaller(options: CallerProcess): Caller {
  const script = path.join(import.meta.dirname, 'caller-process.contract.ts')
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', script, JSON.stringify(options)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const told: Told[] = []
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line) as Told))
  return {
    child,
    told,
    go: () => void child.stdin.end('go'),
    async answers() {
      const done = await vi.waitUntil(() => told.find((it) => it.state === 'done'), PATIENCE)
      return done.answers
    },
  }
}
