import { expect, it } from 'vitest'
import { ndcg } from './ndcg.contract.js'

const grades = { best: 3, good: 2, related: 1 }

it.each<[string, string[], number]>([
  ['the best order', ['best', 'good', 'related'], 1],
  ['the best order, and then others', ['best', 'good', 'related', 'x', 'y'], 1],
  ['nothing', [], 0],
  ['nothing of worth', ['x', 'y'], 0],
  // 7 of 7 + 3 / log2(3) + 1 / log2(4), which is 9.3928
  ['the best alone', ['best'], 0.7453],
  // 3 + 7 / log2(3) + 1 / log2(4)
  ['the first two the wrong way round', ['good', 'best', 'related'], 0.8428],
  // 7 / log2(4)
  ['the best in the third place', ['x', 'y', 'best'], 0.3726],
])('of %s', (_, ranked, expected) => {
  expect(ndcg(ranked, grades, 10)).toBeCloseTo(expected, 4)
})

it('looks no further than asked to', () => {
  expect(ndcg(['x', 'best'], { best: 3 }, 1)).toBe(0)
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, number) => [`f${number}`, 3]))
  expect(ndcg(Object.keys(many), many, 10)).toBe(1)
})
