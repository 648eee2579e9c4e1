import type { Progress } from '@cinegraph/kit/progress'
import { compare, type Comparison, type ComparisonOptions } from '../compare.js'

export interface Measurement {
  readonly title: string
  readonly comparison: Comparison
}

/** Compares two ways to do what `title` says, and keeps the outcome. */
export type Measure = (title: string, options: Omit<ComparisonOptions, 'rounds'>) => Promise<void>

export interface Measuring {
  readonly rounds: number
  readonly progress: Progress
  readonly report: Measurement[]
}

export const measureInto =
  ({ rounds, progress, report }: Measuring): Measure =>
  async (title, options) => {
    const compared = () => compare({ ...options, rounds })
    report.push({ title, comparison: await progress.step(title, compared, () => 'measured') })
  }
