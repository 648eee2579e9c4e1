import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectedFirsts, firstsByFilm, openStage, type Stage, until } from './stage.js'

const FILMS = 12
const WRITERS = 8
const KILLS = 4
// many processes are started
const MOST_MS = 180_000

let stage: Stage
const films: string[] = []
const children: ChildProcess[] = []
beforeAll(async () => {
  stage = await openStage()
  for (let i = 0; i < FILMS; i++) films.push(await stage.addFilm())
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** The worker as it is deployed; resolves when it runs. */
async function startWorker(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', path.join(import.meta.dirname, '../src/main.ts')],
    {
      env: {
        PATH: process.env['PATH'],
        ...{ DATABASE_URL: stage.url, EVENT_LOG_URL: stage.url, PORT: '0' },
        // small ones, so that a kill finds more to do
        ...{ OUTBOX_BATCH: '7', OUTBOX_TURN_MS: '1000' },
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    if ((JSON.parse(line) as { msg: string }).msg !== 'ready') continue
    child.stdout.resume()
    return child
  }
  throw new Error('the worker ended before it was ready')
}

/** Changes films all the time, every seventh change in vain. */
function startWriting() {
  const stopping = new AbortController()
  const write = async (writer: number) => {
    for (let i = 0; !stopping.signal.aborted; i++) {
      const film = films[(writer + i * 5) % FILMS]!
      await stage.change(film, i % 7 === 6 ? 'rollback' : 'commit')
    }
  }
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
  return async () => {
    stopping.abort()
    await writing
  }
}

const hearMore = async () => {
  const before = stage.heard.length
  await until(() => stage.heard.length > before + 60)
}

test(
  'what was committed is heard, in order, whatever becomes of the workers',
  { timeout: MOST_MS },
  async () => {
    let [one, other] = await Promise.all([startWorker(), startWorker()])
    const stopWriting = startWriting()
    for (let kills = 0; kills < KILLS; kills++) {
      await hearMore()
      one.kill('SIGKILL')
      await once(one, 'exit')
      // the other one takes over, whoever had the turn
      await hearMore()
      ;[one, other] = [other, await startWorker()]
    }
    // it may have the turn, and would keep it for ever
    one.kill('SIGSTOP')
    await hearMore()
    one.kill('SIGCONT')
    await hearMore()
    await stopWriting()
    await stage.settled()

    expect(firstsByFilm(stage.heard)).toEqual(expectedFirsts(await stage.versions()))
    expect(stage.heard.filter(({ change }) => change === 'DELETED')).toEqual([])
    const ids = new Map(stage.heard.map(({ id, filmId, version }) => [id, `${filmId} ${version}`]))
    expect(ids.size).toBe(new Set(ids.values()).size)

    for (const worker of [one, other]) {
      worker.kill('SIGTERM')
      expect(await once(worker, 'exit')).toEqual([0, null])
    }
  },
)
