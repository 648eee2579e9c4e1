import { expect, it } from 'vitest'
import { textsOf, translate } from './language.js'

const rows = [
  { language: 'en', name: 'Drama', description: null },
  { language: 'ru', name: 'Драма', description: 'О людях.' },
]

it('gathers the texts of a column by language and leaves out what nobody wrote', () => {
  expect(textsOf(rows, 'name')).toEqual({ en: 'Drama', ru: 'Драма' })
  expect(textsOf(rows, 'description')).toEqual({ ru: 'О людях.' })
})

it('answers in the other language where there is no translation', () => {
  expect(translate({ en: 'Drama', ru: 'Драма' }, 'ru')).toBe('Драма')
  expect(translate({ ru: 'Драма' }, 'en')).toBe('Драма')
  expect(translate({ en: 'Drama' }, 'ru')).toBe('Drama')
  expect(translate({}, 'en')).toBeUndefined()
})
