import { expect, test } from 'vitest'
import { median, percentile, separability } from './statistics.js'

test('a percentile is a value that was measured', () => {
  const values = [5, 1, 4, 2, 3]
  expect(percentile(values, 0)).toBe(1)
  expect(median(values)).toBe(3)
  expect(percentile(values, 0.99)).toBe(5)
  expect(percentile([7], 0.5)).toBe(7)
})

test('what always takes longer can be told apart, in both directions', () => {
  expect(separability([1, 2, 3], [4, 5, 6])).toBe(1)
  expect(separability([4, 5, 6], [1, 2, 3])).toBe(1)
})

test('what takes the same time cannot be told apart', () => {
  expect(separability([1, 2, 3], [1, 2, 3])).toBe(0.5)
  expect(separability([1, 4], [2, 3])).toBe(0.5)
})
