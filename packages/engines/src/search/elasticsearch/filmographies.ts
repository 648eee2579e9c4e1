import type { CreditedPerson, FilmCredit, SearchIndex } from '../search-index.js'
import { storable } from '../storable.js'
import { countsOf } from './facets.js'
import { creditKey } from './film-filter.js'
import type { Reader } from './reader.js'

export async function countFilmsByPerson(
  reader: Reader,
  persons: readonly CreditedPerson[],
  audiences: readonly string[],
): Promise<readonly number[]> {
  const keys = persons.map((person) => storable(creditKey(person)))
  const counts = await countsOf(reader, { field: 'credits', values: keys, audiences })
  return keys.map((key) => counts.get(key) ?? 0)
}

interface Credited {
  readonly texts?: { readonly credits: readonly FilmCredit[] }
}

export async function listCredits(
  reader: Reader,
  asked: Parameters<SearchIndex['creditsOf']>[0],
): ReturnType<SearchIndex['creditsOf']> {
  const ids = [...new Set(asked.map(({ filmId }) => filmId))]
  const films = await reader.documents<Credited>(
    ids.map((id) => `film:${storable(id)}`),
    ['texts.credits'],
  )
  const credits = new Map(ids.map((id, at) => [id, films[at]?.texts?.credits ?? []]))
  return asked.map(({ filmId, personId }) =>
    credits
      .get(filmId)!
      .filter((credit) => credit.personId === personId)
      .map(({ role, characters }) => ({ role, characters })),
  )
}
