/** The value that `share` (0 to 1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN
  )
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/**
 * How well one can tell from a single value whether it is one of `a` or of `b`: 0.5 not at all, 1 always. The chance that
 * a value of the one exceeds a value of the other (Mann-Whitney U, ties count half), whichever of the two is larger.
 */
export function separability(a: readonly number[], b: readonly number[]): number {
  let greater = 0
  for (const x of a) for (const y of b) greater += x > y ? 1 : x === y ? 0.5 : 0
  const share = greater / (a.length * b.length)
  return Math.max(share, 1 - share)
}
