import { expect, it } from 'vitest'
import { fragmentsOf, highlightsOf } from './highlight.js'

const shown = (text: string, words: string[], most?: number) =>
  fragmentsOf(text, (word) => words.includes(word), most)
    .map((it) => (it.matched ? `[${it.text}]` : it.text))
    .join('')

it.each([
  ['Amélie', ['amelie'], '[Amélie]'],
  ['Ёлки и палки', ['елки', 'палки'], '[Ёлки] и [палки]'],
  ['Spider-Man: «Человек-паук»', ['man', 'паук'], 'Spider-[Man]: «Человек-[паук]»'],
  ['<b>x</b> & y', ['x'], '<b>[x]</b> & y'],
  ['nothing', ['else'], 'nothing'],
  ['', ['else'], ''],
])('marks in %j the words %j', (text, words, marked) => {
  expect(shown(text, words)).toBe(marked)
})

it('loses nothing of a text that is short enough', () => {
  const text = '  «Ame\u0301lie» 🎬\n and   more '
  const fragments = fragmentsOf(text, (word) => word === 'more')
  expect(fragments.map((it) => it.text).join('')).toBe(text)
})

it('cuts a long text to words about the first match', () => {
  const long = `${'before '.repeat(30)}match ${'after '.repeat(30)}`
  const excerpt = shown(long, ['match'], 100)
  expect(excerpt).toMatch(/^…(before ){8}\[match\]( after)+…$/)
  expect(excerpt.length).toBeLessThanOrEqual(104)
  expect(shown(long, ['none'], 20)).toBe('before before before…')
})

it('cuts a long word where there is no other place', () => {
  expect(shown('x'.repeat(50), ['none'], 10)).toBe('x'.repeat(10) + '…')
})

it('prefers the text in the language asked for and tells a person once', () => {
  const name = { en: 'Ed Wood', ru: 'Эд Вуд' }
  const film = {
    title: { en: 'Ed Wood', ru: 'Эд Вуд' },
    originalTitle: 'Other',
    description: {},
    credits: [{ name }, { name }],
  }
  const fieldsIn = (language: 'en' | 'ru', words: string[]) =>
    highlightsOf(film, language, (word) => words.includes(word)).map(({ field, fragments }) => [
      field,
      fragments.map(({ text }) => text).join(''),
    ])
  expect(fieldsIn('ru', ['эд', 'ed'])).toEqual([
    ['TITLE', 'Эд Вуд'],
    ['PERSON', 'Эд Вуд'],
  ])
  expect(fieldsIn('ru', ['ed'])).toEqual([
    ['TITLE', 'Ed Wood'],
    ['PERSON', 'Ed Wood'],
  ])
  expect(fieldsIn('en', ['none'])).toEqual([])
})
