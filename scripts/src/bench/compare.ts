import assert from 'node:assert/strict'
import { median, percentile, separability } from './statistics.js'

/** One of two ways to get the same answer. */
export interface Contender {
  readonly name: string
  /** What has to be there for each `run`; its time is not measured. */
  readonly before?: () => Promise<unknown>
  /** Does the work once; what it resolves to is compared with the other's. */
  readonly run: () => Promise<unknown>
}

export interface ComparisonOptions {
  baseline: Contender
  candidate: Contender
  /** Pairs that are measured. */
  rounds: number
  /** Pairs before that, whose answers are compared and whose times are not kept. */
  warmUp?: number
}

export interface Comparison {
  readonly baseline: Times
  readonly candidate: Times
  /** Median of candidate / baseline of each pair: what both suffered alike cancels out. */
  readonly ratio: number
  /** See statistics.ts: 0.5 when a single measurement does not tell which of the two it is of. */
  readonly separability: number
}

export interface Times {
  readonly name: string
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Measures two ways in turn, the first of each pair changing, and throws when their answers differ. */
export async function compare(options: ComparisonOptions): Promise<Comparison> {
  const { baseline, candidate, rounds, warmUp = Math.ceil(rounds / 10) } = options
  const pairs: { baseline: number; candidate: number }[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const order = round % 2 === 0 ? [baseline, candidate] : [candidate, baseline]
    const measured = new Map<Contender, Measured>()
    for (const contender of order) measured.set(contender, await measure(contender))
    const [first, second] = [measured.get(baseline)!, measured.get(candidate)!]
    assert.deepEqual(
      second.answer,
      first.answer,
      `${candidate.name} and ${baseline.name} answer differently`,
    )
    if (round >= 0) pairs.push({ baseline: first.ms, candidate: second.ms })
  }
  const of = (which: 'baseline' | 'candidate') => pairs.map((pair) => pair[which])
  return {
    baseline: timesOf(baseline.name, of('baseline')),
    candidate: timesOf(candidate.name, of('candidate')),
    ratio: median(pairs.map((pair) => pair.candidate / pair.baseline)),
    separability: separability(of('candidate'), of('baseline')),
  }
}

interface Measured {
  ms: number
  answer: unknown
}

async function measure({ before, run }: Contender): Promise<Measured> {
  await before?.()
  const began = performance.now()
  const answer = await run()
  return { ms: performance.now() - began, answer }
}

const timesOf = (name: string, values: readonly number[]): Times => ({
  name,
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
  p99: percentile(values, 0.99),
})

/** Some lines for people: one table row per side, and what the pair says. */
export function describeComparison(title: string, it: Comparison): string {
  const row = ({ name, ...times }: Times) => {
    const cells = (['p50', 'p95', 'p99'] as const).map(
      (it) => `${it} ${times[it].toFixed(2).padStart(9)} ms`,
    )
    return `  ${name.padEnd(44)} ${cells.join('   ')}`
  }
  return [
    title,
    row(it.baseline),
    row(it.candidate),
    `  ${'ratio of pairs, median'.padEnd(44)} ${it.ratio.toFixed(3)}`,
    `  ${'can be told apart from one measurement'.padEnd(44)} ${(it.separability * 100).toFixed(1)} %  (50 % is a guess)`,
  ].join('\n')
}
