/**
 * Looks for a person and prints their page with all of their films, role by role.
 *
 *     npm run example:person -- "chaplin" ru
 */
import {
  type CreditRole,
  type FilmographyEntryFragment,
  PersonFilmsDocument,
  type PersonFilmsQueryVariables,
  PersonListDocument,
  PersonPageDocument,
  type PersonPageQuery,
} from '@cinegraph/sdk'
import { visit, type Visit } from './terminal.js'
import { day, facts, filmLine, nothingFound, sections } from './wording.js'

type Person = NonNullable<PersonPageQuery['person']>

const ROLES: Record<CreditRole, readonly [russian: string, english: string]> = {
  ACTOR: ['Роли', 'Actor'],
  COMPOSER: ['Композитор', 'Composer'],
  DIRECTOR: ['Режиссёр', 'Director'],
  PRODUCER: ['Продюсер', 'Producer'],
  WRITER: ['Сценарист', 'Writer'],
}

await visit('chaplin', async (visit) => {
  const person = await findPerson(visit)
  if (!person) return nothingFound(visit)
  const { language } = visit
  const { name, biography, birthDate, deathDate, filmCount, roles } = person
  return sections(
    name,
    biography,
    facts(language, [
      ['Дата рождения', 'Born', birthDate && day(birthDate, language)],
      ['Дата смерти', 'Died', deathDate && day(deathDate, language)],
      ['Фильмов', 'Films', filmCount?.toString()],
    ]),
    ...(await Promise.all((roles ?? []).map(({ role }) => tab(person, role, visit)))),
  )
})

async function findPerson({ client, text, language }: Visit): Promise<Person | null> {
  const { persons } = await client.request(PersonListDocument, { text, language, first: 1 })
  const found = persons?.edges[0]?.node
  if (!found) return null
  const { person } = await client.request(PersonPageDocument, { id: found.id, language })
  return person
}

async function tab({ id }: Person, role: CreditRole, visit: Visit): Promise<string> {
  const [russian, english] = ROLES[role]
  const lines: string[] = []
  for (let after: string | null = null, more = true; more;) {
    const variables: PersonFilmsQueryVariables = { id, role, language: visit.language, after }
    const { person } = await visit.client.request(PersonFilmsDocument, variables)
    lines.push(...(person?.films?.edges ?? []).map((film) => filmographyLine(film, role)))
    more = person?.films?.pageInfo.hasNextPage ?? false
    after = person?.films?.pageInfo.endCursor ?? null
  }
  return [visit.language === 'RU' ? russian : english, ...lines].join('\n')
}

function filmographyLine({ node, credits }: FilmographyEntryFragment, tab: CreditRole): string {
  const characters = credits?.find(({ role }) => role === tab)?.characters.join(', ')
  return filmLine(node) + (characters ? `: ${characters}` : '')
}
