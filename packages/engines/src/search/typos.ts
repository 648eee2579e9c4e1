const SHORTEST_CORRECTED = 4
const LONG = 8

/** How many letters of a word may be wrong: none below four letters and none of a number, one below eight, then two. */
export function typosAllowed(word: string): number {
  if (word.length < SHORTEST_CORRECTED || !/\D/.test(word)) return 0
  return word.length < LONG ? 1 : 2
}

/** Letters to insert, delete, replace or swap with their neighbour to make one word of the other. */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      current[column] = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
        swapped ? beforeLast[column - 2]! + 1 : Infinity,
      )
    }
    beforeLast = last
    last = current
  }
  return last[right.length]!
}
