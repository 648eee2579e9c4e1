import { recordStatements, type Statement } from '@cinegraph/embedded/statement-recorder'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { type Client, dataOf, type Request } from '../client.js'
import { compare, type Comparison } from '../compare.js'
import type { Operation } from './operations.js'

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

/** A request and what is behind it. */
interface Prepared {
  readonly request: Request
  readonly found: readonly string[]
  readonly statements: readonly Statement[]
}

export async function measureOperation(
  operation: Operation,
  { gateway, postgres, rounds }: Measured,
): Promise<OperationReport> {
  const prepared: Prepared[] = []
  for (const request of operation.requests)
    prepared.push(await prepare(operation, request, gateway))
  const [next, nextAlone] = [inTurn(prepared), inTurn(prepared)]
  const comparison = await compare({
    baseline: { name: 'its statements alone', run: () => replay(postgres, nextAlone()) },
    candidate: {
      name: 'through the gateway',
      run: async () => operation.found(await dataOf(gateway, next().request)),
    },
    rounds,
  })
  const { name, flat } = operation
  const statements = prepared[0]!.statements.length
  return { name, flat, statements, comparison, ...(await measureRate(prepared, gateway, rounds)) }
}

const inTurn = <T>(items: readonly T[]): (() => T) => {
  let turn = 0
  return () => items[turn++ % items.length]!
}

async function prepare(operation: Operation, request: Request, gateway: Client): Promise<Prepared> {
  const { result, statements } = await recordStatements(() => dataOf(gateway, request))
  return { request, found: operation.found(result), statements: statements.filter(isOfCatalogue) }
}

// what workers ask meanwhile is not of the request
const isOfCatalogue = ({ text }: Statement) =>
  /^\s*(SELECT|WITH)\b/.test(text) && /"?\b(films|people|search_\w+)"?\./.test(text)

/** One statement after the other, as the first of a request's have to be known before the others. Returns what the answer shows and these found. */
async function replay({ pool }: Postgres, { statements, found }: Prepared): Promise<string[]> {
  let rows = ''
  for (const { text, values } of statements) {
    const query = { name: nameOf(text), text, values: [...values] }
    rows += JSON.stringify((await pool.query(query)).rows)
  }
  return found.filter((id) => rows.includes(id))
}

const names = new Map<string, string>()

function nameOf(text: string): string {
  const name = names.get(text) ?? `replayed_${names.size}`
  names.set(text, name)
  return name
}

async function measureRate(prepared: readonly Prepared[], gateway: Client, rounds: number) {
  const next = inTurn(prepared)
  let left = rounds * 2
  const began = performance.now()
  const cpu = process.cpuUsage()
  const lane = async () => {
    while (left-- > 0) await dataOf(gateway, next().request)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const { user, system } = process.cpuUsage(cpu)
  const requests = rounds * 2
  return {
    perSecond: (1_000 * requests) / (performance.now() - began),
    perCpuSecond: (1e6 * requests) / (user + system),
  }
}
