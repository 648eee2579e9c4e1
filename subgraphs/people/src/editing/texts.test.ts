import { expect, test } from 'vitest'
import { changedTexts } from './texts.js'

const before = {
  name: { en: 'Lang', ru: 'Ланг' },
  biography: { en: 'A life.', ru: 'Жизнь.' },
}
const { name, biography } = before

test.each([
  [undefined, before],
  [{}, before],
  [{ en: {}, ru: undefined }, before],
  [{ en: { name: 'Fritz' } }, { name: { en: 'Fritz', ru: 'Ланг' }, biography }],
  [{ ru: { biography: null } }, { name, biography: { en: 'A life.' } }],
  [{ ru: null }, { name: { en: 'Lang' }, biography: { en: 'A life.' } }],
  [
    { en: null, ru: null },
    { name: {}, biography: {} },
  ],
])('%j makes of texts in both languages %j', (change, after) => {
  expect(changedTexts(before, change)).toEqual(after)
})
