import { expect, it } from 'vitest'
import { swapLayout } from './keyboard-layout.js'

it.each([
  ['ghbdtn', 'привет'],
  ['Vfnhbwf', 'матрица'],
  [',hfn 2', 'брат 2'],
  ['<HFN', 'брат'],
  ['`krb', 'ёлки'],
  ['ьфекшч', 'matrix'],
  ['ФДШУТ', 'alien'],
  ['ырфцырфтл куьуьзешщт', 'shawshank rememption'],
])('reads %s as %s', (typed, meant) => {
  expect(swapLayout(typed)).toBe(meant)
})

it.each(['matrix матрица', '2001', '', '🎬', 'שלום'])('has no other reading of %j', (text) => {
  expect(swapLayout(text)).toBeUndefined()
})
