import { expect, test } from 'vitest'
import { createRandom } from './random.js'

const draw = (seed: number, count: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.next())
}

test('the same seed draws the same numbers, another one others', () => {
  expect(draw(1, 20)).toEqual(draw(1, 20))
  expect(draw(1, 20)).not.toEqual(draw(2, 20))
})

test('numbers are spread evenly from 0 to below 1', () => {
  const numbers = draw(3, 10_000)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    numbers.filter((it) => Math.floor(it * 10) === tenth),
  )
  for (const { length } of tenths) expect(Math.abs(length - 1_000)).toBeLessThan(150)
})

test('what is popular comes up most, and all of it comes up', () => {
  const random = createRandom(4)
  const counts = new Map<number, number>()
  for (let turn = 0; turn < 20_000; turn++) {
    const index = random.popular(50)
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect(counts.get(0)!).toBeGreaterThan(counts.get(9)! * 5)
})
