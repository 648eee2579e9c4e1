// A process that loads from a cache or raises a counter, many times at once, when it is told to by a line on stdin.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@cinegraph/kit/logger'
import { openCache } from '../cache/open.js'
import { openCounters } from '../counters/open.js'

export interface CallerProcess {
  readonly url: string
  readonly what: 'load' | 'increment'
  readonly calls: number
  /** How long a value takes to make; it is the id of the process that made it. */
  readonly makeMs: number
}

/** Lines that it prints, one each: synchronous, so that what happened is told whatever happens next. */
export type Told =
  | { readonly state: 'ready' | 'making' }
  | { readonly state: 'done'; readonly answers: readonly number[] }

const tell = (line: Told) => writeSync(1, `${JSON.stringify(line)}\n`)

const { url, what, calls, makeMs } = JSON.parse(process.argv[2]!) as CallerProcess
const log = createLogger({ name: 'caller', level: 'silent' })
const cache = openCache({ url, log })
const counters = openCounters({ url })

const make = async () => {
  tell({ state: 'making' })
  await sleep(makeMs)
  return process.pid
}
const work = {
  load: () => cache.load('film', { ttlMs: 60_000, tags: ['film:1'] }, make),
  increment: async () => (await counters.increment('key', { windowMs: 60_000 })).count,
}

await cache.start()
await counters.start()
tell({ state: 'ready' })
await once(process.stdin, 'data')
const answers = await Promise.all(Array.from({ length: calls }, work[what]))
tell({ state: 'done', answers })
process.exit(0)
