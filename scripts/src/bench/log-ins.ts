import { hash, verify } from '@node-rs/argon2'
import { compare } from './compare.js'
import { dataOf } from './client.js'
import { logInRequest, PASSWORD } from './people.js'
import type { Stage } from './stage.js'
import { median, percentile } from './statistics.js'

export interface Rate {
  readonly perSecond: number
  /** Milliseconds that one of them took, waiting for the others included. */
  readonly p50: number
  readonly p99: number
}

export interface LogInReport {
  /** How many were begun at the same time. */
  readonly atOnce: number
  readonly cost: Stage['cost']
  readonly logIns: Rate
  /** The same number of verifications of a hash of the same cost, and nothing else. */
  readonly verifications: Rate
  /** Time for all log-ins over time for all verifications, median of the rounds. */
  readonly ratio: number
}

/** Logs in `atOnce` people at the same time through the gateway, in turn with the hashing alone that this needs. */
export async function measureLogIns(
  { gateway, people, cost }: Stage,
  { rounds, atOnce }: { rounds: number; atOnce: number },
): Promise<LogInReport> {
  const logins = await people.make(atOnce)
  const { memoryKiB: memoryCost, passes: timeCost, parallelism } = cost
  const stored = await hash(PASSWORD, { memoryCost, timeCost, parallelism })
  const logIns = atOnceContender('log-ins', logins, async (login) => {
    await dataOf(gateway, logInRequest(login))
  })
  const verifications = atOnceContender('verifications', logins, async () => {
    if (!(await verify(stored, PASSWORD))) throw new Error('the right password does not match')
  })
  const { ratio } = await compare({ baseline: verifications, candidate: logIns, rounds })
  return {
    atOnce,
    cost,
    logIns: logIns.rate(rounds),
    verifications: verifications.rate(rounds),
    ratio,
  }
}

/** All at the same time, each timed; `rate` is that of the last rounds. */
function atOnceContender(
  name: string,
  logins: readonly string[],
  one: (login: string) => Promise<void>,
) {
  const singles: number[] = []
  const wholes: number[] = []
  const timed = async (work: () => Promise<unknown>, times: number[]) => {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return {
    name,
    async run() {
      await timed(() => Promise.all(logins.map((it) => timed(() => one(it), singles))), wholes)
      return logins.length
    },
    rate(rounds: number): Rate {
      const measured = singles.slice(-rounds * logins.length)
      return {
        perSecond: (1000 * logins.length) / median(wholes.slice(-rounds)),
        p50: median(measured),
        p99: percentile(measured, 0.99),
      }
    },
  }
}

export function describeLogIns({ atOnce, cost, ...report }: LogInReport): string {
  const { memoryKiB, passes, parallelism } = cost
  const row = (name: string, { perSecond, p50, p99 }: Rate) =>
    `  ${name.padEnd(44)} ${perSecond.toFixed(1).padStart(7)} /s   p50 ${p50.toFixed(1).padStart(7)} ms   p99 ${p99.toFixed(1).padStart(7)} ms`
  return [
    `${atOnce} log-ins at once (argon2id: ${memoryKiB} KiB, ${passes} passes, ${parallelism} threads)`,
    row('argon2id alone', report.verifications),
    row('through the gateway', report.logIns),
    `  ${'ratio of the times of all, median'.padEnd(44)} ${report.ratio.toFixed(3)}`,
  ].join('\n')
}
