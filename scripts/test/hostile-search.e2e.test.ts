import { expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

const cinegraph = await startCinegraph()

const TEXTS = {
  '10 kB': 'metropolis '.repeat(930),
  '10 kB of one letter': 'щ'.repeat(5_000),
  operators: "metropolis' | !x & (y <-> z):* \"'; DROP SCHEMA search CASCADE; --",
  wildcards: '%_*?m%',
  emoji: '🎬👩‍👩‍👧‍👦🎬',
  'right to left': '\u202Eסרט \u2066فيلم\u2069',
  'a null byte': 'metro\0polis',
  'half of a character': 'metro\uD83Cpolis',
  'unclosed quotation marks': '"'.repeat(199),
  'as long as it may be': 'м%'.repeat(100),
} as const
const FIELDS = {
  films: `films(filter: { countries: [$text], persons: [{ id: $id }] }) { edges { node { id } } }`,
  filmsAfter: `films(after: $text) { edges { node { id } } }`,
  searchFilms: `searchFilms(text: $text) { totalCount edges { node { id } } facets { name } }`,
  suggest: `suggest(prefix: $text) { text }`,
  persons: `persons(text: $text) { totalCount edges { node { id } } }`,
}
const cases = Object.keys(TEXTS).flatMap((name) =>
  Object.keys(FIELDS).map((field) => [name, field] as const),
)

function send(field: keyof typeof FIELDS, text: string) {
  const declared = field === 'films' ? '$text: String!, $id: ID!' : '$text: String!'
  return fetch(`${cinegraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `query (${declared}) { ${FIELDS[field]} }`,
      variables: { text, id: text },
    }),
  })
}

test.each(cases)('%s is an answer or a refusal of %s, and no failure', async (name, field) => {
  const response = await send(field as keyof typeof FIELDS, TEXTS[name as keyof typeof TEXTS])
  expect(response.status).toBe(200)
  const { errors = [] } = (await response.json()) as {
    errors?: { extensions: { code: string } }[]
  }
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(
    errors.map(() => 'BAD_USER_INPUT'),
  )
  expect(cinegraph.log().filter(({ level }) => level === 'error')).toEqual([])
})
