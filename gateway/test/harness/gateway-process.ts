import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts')

interface Spawned {
  child: ChildProcess
  /** Exit code, and everything on stderr. */
  ended: Promise<{ code: number | null; stderr: string }>
}

/** The gateway's own `main.ts` as a process. Killed with the test when it still runs. */
export function spawnGateway(args: string[], env: Record<string, string> = {}): Spawned {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', MAIN, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = Promise.all([once(child, 'exit'), text(child.stderr)]).then(([[code], stderr]) => ({
    code: code as number | null,
    stderr,
  }))
  return { child, ended }
}

/** Resolves with the URL once it listens. */
export async function listening({ child }: Spawned): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const { msg, url } = JSON.parse(line) as { msg: string; url?: string }
    if (msg !== 'listening') continue
    child.stdout!.resume()
    return url!
  }
  throw new Error('the gateway ended before it listened')
}

/** A file of its own for this test. */
export async function fileWith(content: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-gateway-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = path.join(folder, 'supergraph.graphql')
  await writeFile(file, content)
  return file
}
