import { expect, it } from 'vitest'
import { film } from './contract/catalogue.contract.js'
import { documentDigest } from './document-digest.js'

const one = { personId: 'p1', role: 'ACTOR', name: { en: 'One' } }
const two = { personId: 'p2', role: 'ACTOR', name: { en: 'Two' } }
const digestOf = (given: Parameters<typeof film>[1]) => documentDigest(film('a', given))

it('is the same whatever the version and the order of members', () => {
  const title = { en: 'Mirror', ru: 'Зеркало' }
  const turned = { ru: 'Зеркало', en: 'Mirror' }
  expect(digestOf({ version: 2, title: turned })).toBe(digestOf({ title }))
})

it.each<[string, Parameters<typeof film>[1]]>([
  ['a text', { title: { en: 'B' } }],
  ['nothing instead of a value', { releaseYear: null }],
  ['the audience', { audience: 'editors' }],
  ['the order of credits', { credits: [two, one] }],
  ['a name of a person', { credits: [{ ...one, name: { en: 'Else' } }, two] }],
])('is another for %s', (_, given) => {
  const film = { title: { en: 'A' }, originalTitle: 'A', releaseYear: 1975, credits: [one, two] }
  expect(digestOf({ ...film, ...given })).not.toBe(digestOf(film))
})
