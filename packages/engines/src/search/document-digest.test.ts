import { expect, it } from 'vitest'
import { credit, film } from './contract/catalogue.contract.js'
import { documentDigest } from './document-digest.js'

const one = credit('p1')
const two = credit('p2')
const digestOf = (given: Parameters<typeof film>[1]) => documentDigest(film('a', given))

it('is the same whatever the version and the order of members', () => {
  const title = { en: 'Mirror', ru: 'Зеркало' }
  const turned = { ru: 'Зеркало', en: 'Mirror' }
  expect(digestOf({ version: 2, title: turned })).toBe(digestOf({ title }))
})

it.each<[string, Parameters<typeof film>[1]]>([
  ['a text', { title: { en: 'B' } }],
  ['nothing instead of a value', { releaseYear: null }],
  ['a number of seasons', { seasons: 2 }],
  ['a character', { credits: [{ ...one, characters: ['Maria'] }, two] }],
  ['the audience', { audience: 'editors' }],
  ['the order of credits', { credits: [two, one] }],
  ['a name of a person', { credits: [{ ...one, name: { en: 'Else' } }, two] }],
])('is another for %s', (_, given) => {
  const film = { title: { en: 'A' }, originalTitle: 'A', releaseYear: 1975, credits: [one, two] }
  expect(digestOf({ ...film, ...given })).not.toBe(digestOf(film))
})
