/** What somebody who searched thinks of a film: 3 is what was looked for, 2 a good answer, 1 related; what is not named is 0. */
export type Grades = Readonly<Record<string, number>>

/**
 * Normalised discounted cumulative gain of the first `most` answers, 0 to 1: 1 when nothing could be ranked better.
 * Järvelin and Kekäläinen 2002, with the gain 2^grade - 1.
 */
export function ndcg(ranked: readonly string[], grades: Grades, most: number): number {
  const ideal = Object.values(grades).toSorted((left, right) => right - left)
  const found = ranked.map((id) => grades[id] ?? 0)
  return gain(found.slice(0, most)) / gain(ideal.slice(0, most))
}

const gain = (grades: readonly number[]): number =>
  grades.reduce((sum, grade, index) => sum + (2 ** grade - 1) / Math.log2(index + 2), 0)
