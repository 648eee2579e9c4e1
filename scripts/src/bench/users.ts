import os from 'node:os'
import type { Progress } from '@cinegraph/kit/progress'
import { describeComparison } from './compare.js'
import { type EnforcementReport, measureEnforcement } from './enforcement.js'
import { describeLogIns, type LogInReport, measureLogIns } from './log-ins.js'
import { measureRefusals, type RefusalReport } from './refusals.js'
import { withStage } from './stage.js'

export interface UsersReport {
  /** Where it was measured. */
  readonly machine: { cores: number; processor: string; node: string }
  readonly logIns: LogInReport
  readonly refusals: RefusalReport
  readonly enforcement: EnforcementReport
}

export interface UsersRounds {
  readonly logIns: { rounds: number; atOnce: number }
  readonly refusals: { rounds: number }
  readonly enforcement: { rounds: number }
}

/** Some minutes. */
export const FULL: UsersRounds = {
  logIns: { rounds: 20, atOnce: 50 },
  refusals: { rounds: 400 },
  enforcement: { rounds: 2_000 },
}
/** Whether it runs; the figures mean nothing. */
export const QUICK: UsersRounds = {
  logIns: { rounds: 2, atOnce: 3 },
  refusals: { rounds: 3 },
  enforcement: { rounds: 5 },
}

/** Measures users and the gateway's authorization in this process, on an empty database. */
export const benchUsers = (
  databaseUrl: string,
  rounds: UsersRounds,
  progress: Progress,
): Promise<UsersReport> =>
  withStage(databaseUrl, async (stage) => ({
    machine: {
      cores: os.availableParallelism(),
      processor: os.cpus()[0]?.model ?? 'unknown',
      node: process.version,
    },
    logIns: await progress.step('log-ins', () => measureLogIns(stage, rounds.logIns), done),
    refusals: await progress.step('refusals', () => measureRefusals(stage, rounds.refusals), done),
    enforcement: await progress.step(
      'enforcement',
      () => measureEnforcement(stage, rounds.enforcement),
      done,
    ),
  }))

const done = () => 'measured'

export function describeUsers({ machine, logIns, refusals, enforcement }: UsersReport): string {
  const { cores, processor, node } = machine
  const compared = (of: RefusalReport | EnforcementReport, title: (it: string) => string) =>
    Object.entries(of).map(([name, it]) => describeComparison(title(name), it))
  return [
    `On ${cores} cores (${processor}), Node ${node}`,
    describeLogIns(logIns),
    ...compared(refusals, (it) => `Refused: ${it} beside a wrong password`),
    ...compared(enforcement, (it) => `Enforcement: ${it}`),
  ].join('\n\n')
}
