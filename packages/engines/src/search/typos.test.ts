import { expect, it } from 'vitest'
import { editDistance, typosAllowed } from './typos.js'

it.each([
  ['матрица', 'матрица', 0],
  ['матрца', 'матрица', 1],
  ['матрицца', 'матрица', 1],
  ['метрица', 'матрица', 1],
  ['титаинк', 'титаник', 1],
  ['matrix', 'matrices', 3],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['ab', 'ba', 1],
  ['ca', 'abc', 3],
])('%s and %s are %i edits apart', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance)
  expect(editDistance(right, left)).toBe(distance)
})

it('forgives more in longer words', () => {
  expect(['кот', 'брат', 'титаник', 'терминатор'].map(typosAllowed)).toEqual([0, 1, 1, 2])
})

it('forgives nothing in a number', () => {
  expect(['1927', '20000000', 's1mone'].map(typosAllowed)).toEqual([0, 0, 1])
})
