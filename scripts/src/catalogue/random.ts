/** Numbers that depend only on the seed, so that a load can be made again anywhere. */
export interface Random {
  /** 0 inclusive to 1 exclusive. */
  next(): number
  /** 0 inclusive to `below` exclusive. */
  integer(below: number): number
  pick<T>(items: readonly T[]): T
  /** Like `integer`, but low numbers far more often: popularity in a catalogue follows such a curve (Zipf). */
  popular(below: number): number
}

/** mulberry32: small, fast and good enough to scatter test data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (below: number) => Math.floor(next() * below)
  return {
    next,
    integer,
    pick: (items) => items[integer(items.length)]!,
    // the inverse of the cumulative 1/x curve
    popular: (below) => Math.min(below - 1, Math.floor((below + 1) ** next()) - 1),
  }
}
