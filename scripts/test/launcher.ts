import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll } from 'vitest'
import { ROOT } from '../src/paths.js'
import { UNSET } from './unset.js'

type Env = Readonly<Record<string, string | undefined>>

interface Launched {
  child: ChildProcess
  ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>
  /** Everything it printed so far. */
  output: () => string
}

/**
 * Starts Cinegraph, or another script, as a process of its own on a folder of the test file, with which all of it ends. It reads
 * no file of settings unless `preload` names `scripts/env.mjs`.
 */
export async function openLauncher({ preload = [] }: { preload?: readonly string[] } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-start-'))
  // when we are root, Postgres is another user, who must be able to enter
  await chmod(folder, 0o711)
  const children: ChildProcess[] = []
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })

  function launch(env: Env, script = 'start.ts'): Launched {
    const imports = [...preload, 'tsx'].flatMap((it) => ['--import', it])
    const args = [...imports, '--conditions=source', `scripts/src/${script}`]
    const own = { PORT: '0', CINEGRAPH_DATA: folder }
    const child = spawn(process.execPath, args, {
      ...{ cwd: ROOT, env: { ...process.env, ...UNSET, ...own, ...env } },
    })
    children.push(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    }
    const ended = once(child, 'exit') as Launched['ended']
    return { child, ended, output: () => text }
  }

  /** Resolves when it says that it is ready. */
  async function start(env: Env = {}): Promise<Launched & { url: string }> {
    const started = launch(env)
    const lines = createInterface({ input: started.child.stdout! })
    for await (const line of lines) {
      const url = /^ {2}GraphQL +(\S+)\/graphql$/.exec(line)?.[1]
      if (url) return { ...started, url }
    }
    throw new Error(`it ended before it was ready:\n${started.output()}`)
  }

  return { folder, launch, start }
}
