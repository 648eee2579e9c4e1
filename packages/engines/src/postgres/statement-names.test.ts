import { expect, it } from 'vitest'
import { createStatementNames } from './statement-names.js'

it('names a text from the second time on, always the same', () => {
  const nameOf = createStatementNames()
  const names = [1, 2, 3].map(() => nameOf('SELECT 1'))
  expect(names).toEqual([undefined, names[1], names[1]])
  // what Postgres takes for a name without cutting it
  expect(names[1]).toMatch(/^\w[\w-]{1,62}$/)
})

it('names different texts differently', () => {
  const nameOf = createStatementNames()
  const twice = (text: string) => [nameOf(text), nameOf(text)][1]
  expect(twice('SELECT 1')).not.toBe(twice('SELECT 2'))
})

it('names so many and no more, whatever is asked for', () => {
  const nameOf = createStatementNames(3)
  const texts = Array.from({ length: 10 }, (_, index) => `SELECT ${index}`)
  for (const text of texts) nameOf(text)
  const named = () => texts.filter((text) => nameOf(text) !== undefined)
  expect(named()).toEqual(texts.slice(0, 3))
  expect(named()).toEqual(texts.slice(0, 3))
})

it('forgets what was asked for once, so that memory is bounded', () => {
  const nameOf = createStatementNames()
  nameOf('SELECT 1')
  for (let index = 0; index < 1_000; index++) nameOf(`SELECT ${index} AS other`)
  expect(nameOf('SELECT 1')).toBeUndefined()
})
