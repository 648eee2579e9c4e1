/**
 * Looks for a person and prints their page with all of their films.
 *
 *     npm run example:person -- "chaplin" ru
 */
import {
  type CreditRole,
  type FilmCardsFragment,
  PersonFilmsDocument,
  PersonListDocument,
  PersonPageDocument,
  type PersonPageQuery,
} from '@cinegraph/sdk'
import { visit, type Visit } from './terminal.js'
import { day, facts, filmLine, nothingFound, sections } from './wording.js'

type Person = NonNullable<PersonPageQuery['person']>

await visit('chaplin', async (visit) => {
  const person = await findPerson(visit)
  if (!person) return nothingFound(visit)
  const { language } = visit
  const { name, biography, birthDate, deathDate } = person
  return sections(
    name,
    biography,
    facts(language, [
      ['Дата рождения', 'Born', birthDate && day(birthDate, language)],
      ['Дата смерти', 'Died', deathDate && day(deathDate, language)],
    ]),
    ...(await filmography(person, visit)),
  )
})

async function findPerson({ client, text, language }: Visit) {
  const { persons } = await client.request(PersonListDocument, { text, language, first: 1 })
  const found = persons?.edges[0]?.node
  if (!found) return null
  const { person } = await client.request(PersonPageDocument, { id: found.id, language })
  return person
}

/** The films for each role that the person had. */
function filmography(person: Person, visit: Visit): Promise<string[]> {
  const roles: [
    role: CreditRole,
    russian: string,
    english: string,
    films: FilmCardsFragment | null,
  ][] = [
    ['DIRECTOR', 'Режиссёр', 'Director', person.directed],
    ['ACTOR', 'Актёр', 'Actor', person.acted],
    ['WRITER', 'Сценарист', 'Writer', person.wrote],
    ['PRODUCER', 'Продюсер', 'Producer', person.produced],
    ['COMPOSER', 'Композитор', 'Composer', person.composed],
  ]
  return Promise.all(
    roles.map(async ([role, russian, english, first]) => {
      const films = await allFilms({ id: person.id, role, first }, visit)
      const title = visit.language === 'RU' ? russian : english
      return films.length ? [title, ...films.map(filmLine)].join('\n') : ''
    }),
  )
}

interface Filmography {
  readonly id: string
  readonly role: CreditRole
  readonly first: FilmCardsFragment | null
}

/** The films of the first page and, page by page, all others. */
async function allFilms({ id, role, first }: Filmography, { client, language }: Visit) {
  const films: FilmCardsFragment['edges'][number]['node'][] = []
  for (let page = first; page;) {
    films.push(...page.edges.map(({ node }) => node))
    if (!page.pageInfo.hasNextPage) break
    const next = { id, role, language, after: page.pageInfo.endCursor }
    page = (await client.request(PersonFilmsDocument, next)).person?.films ?? null
  }
  return films
}
