import { expect, it } from 'vitest'
import type { CatalogueEvent } from './decode.js'
import { planOf } from './plan.js'

type Payload<Name> = Extract<CatalogueEvent, { name: Name }>['payload']
const eventOf = <Name extends CatalogueEvent['name']>(name: Name, payload: Payload<Name>) =>
  ({ name, payload, id: 'e', occurredAt: new Date(0) }) as CatalogueEvent

const NOTHING = { film: [], person: [], genre: [], filmsOf: { person: [], genre: [] } }
function planned(...events: CatalogueEvent[]) {
  const { film, person, genre, filmsOf } = planOf(events)
  return {
    ...{ film: [...film], person: [...person], genre: [...genre] },
    filmsOf: { person: [...filmsOf.person], genre: [...filmsOf.genre] },
  }
}
const person = (change: Payload<'person.changed.v1'>['change'], personId = 'p') =>
  eventOf('person.changed.v1', { personId, version: 1, change })
const genre = (change: Payload<'genre.changed.v1'>['change'], genreId = 'g') =>
  eventOf('genre.changed.v1', { genreId, version: 1, change })

it('asks for nothing without events', () => {
  expect(planned()).toEqual(NOTHING)
})

it('asks for a film that has changed or is linked otherwise', () => {
  const changed = eventOf('film.changed.v1', { filmId: 'a', version: 2, change: 'DELETED' })
  const linked = eventOf('film.linked.v1', { filmId: 'b', links: ['CREDITS'] })
  expect(planned(changed, linked)).toEqual({ ...NOTHING, film: ['a', 'b'] })
})

it.each(['CREATED', 'EDITED', 'DELETED'] as const)(
  'asks for a person or a genre that was %s, and for no film',
  (change) => {
    expect(planned(person(change), genre(change))).toEqual({
      ...NOTHING,
      person: ['p'],
      genre: ['g'],
    })
  },
)

it('asks for all films of a person or a genre that was renamed', () => {
  expect(planned(person('RENAMED'), genre('RENAMED'))).toEqual({
    ...{ film: [], person: ['p'], genre: ['g'] },
    filmsOf: { person: ['p'], genre: ['g'] },
  })
})

it('asks for both persons of a merge', () => {
  const merged = { personId: 'p', version: 2, mergedPersonId: 'q' }
  expect(planned(eventOf('person.merged.v1', merged))).toEqual({ ...NOTHING, person: ['p', 'q'] })
})

it('asks for each once, however often it has changed', () => {
  const film = eventOf('film.linked.v1', { filmId: 'a', links: ['GENRES'] })
  expect(planned(film, person('RENAMED'), film, person('EDITED'), person('RENAMED'))).toEqual({
    ...{ film: ['a'], person: ['p'], genre: [] },
    filmsOf: { person: ['p'], genre: [] },
  })
})
