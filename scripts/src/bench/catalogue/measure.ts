import type { Postgres } from '@cinegraph/engines/postgres/open'
import { type Client, dataOf } from '../client.js'
import { compare, type Comparison } from '../compare.js'
import { besideSent, inTurn, type Question, recordAll } from '../recorded.js'
import type { Operation } from './operations.js'
import { statementsOn } from './statements.js'

export interface OperationReport {
  readonly name: string
  readonly flat: boolean
  /** Statements of one request; those of all its requests have as many. */
  readonly statements: number
  /** The operation through the gateway beside its statements alone. */
  readonly comparison: Comparison
  /** Requests a second with eight at the same time, and a second of this process's processor time. */
  readonly perSecond: number
  readonly perCpuSecond: number
}

export interface Measured {
  readonly gateway: Client
  readonly postgres: Postgres
  readonly rounds: number
}

const AT_ONCE = 8

export async function measureOperation(
  { name, flat, requests, found }: Operation,
  { gateway, postgres, rounds }: Measured,
): Promise<OperationReport> {
  const questions = requests.map(
    (request): Question =>
      async () =>
        found(await dataOf(gateway, request)),
  )
  const recorder = statementsOn(postgres)
  const recorded = await recordAll(questions, recorder)
  const { baseline, candidate } = besideSent(recorded, recorder)
  const comparison = await compare({
    baseline: { name: 'its statements alone', ...baseline },
    candidate: { name: 'through the gateway', ...candidate },
    rounds,
  })
  const statements = recorded[0]!.sent.length
  return { name, flat, statements, comparison, ...(await measureRate(questions, rounds)) }
}

async function measureRate(questions: readonly Question[], rounds: number) {
  const next = inTurn(questions)
  let left = rounds * 2
  const began = performance.now()
  const cpu = process.cpuUsage()
  const lane = async () => {
    while (left-- > 0) await next()()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const { user, system } = process.cpuUsage(cpu)
  const requests = rounds * 2
  return {
    perSecond: (1_000 * requests) / (performance.now() - began),
    perCpuSecond: (1e6 * requests) / (user + system),
  }
}
