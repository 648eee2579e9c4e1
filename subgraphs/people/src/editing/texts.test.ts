import { expect, test } from 'vitest'
import { changedTexts, changedWithName } from './texts.js'

const both = { en: 'Lang', ru: 'Ланг' }

test.each([
  [undefined, both],
  [{}, both],
  [{ en: 'Fritz' }, { en: 'Fritz', ru: 'Ланг' }],
  [{ ru: null }, { en: 'Lang' }],
  [{ en: null, ru: null }, {}],
  [null, {}],
])('%j makes of a text in both languages %j', (change, after) => {
  expect(changedTexts(both, change)).toEqual(after)
})

test('a language without a name keeps no other text, unless it is given anew', () => {
  const before = { name: both, text: { en: 'A life.', ru: 'Жизнь.' } }
  const name = { ru: null }
  expect(changedWithName(before, { name })).toEqual({
    name: { en: 'Lang' },
    text: { en: 'A life.' },
  })
  expect(changedWithName(before, { name, text: { ru: 'Снова.' } }).text).toHaveProperty('ru')
  expect(changedWithName(before, {})).toEqual(before)
})
