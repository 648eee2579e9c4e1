import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FilmDocument, NameQuery, SearchIndex } from '../search-index.js'
import { credit, film, person } from './catalogue.contract.js'

const AUDIENCES = ['everyone', 'role:subscriber', 'editors']
const VIEWERS = [
  [],
  ['everyone'],
  ['everyone', 'role:user'],
  ['everyone', 'role:subscriber'],
  AUDIENCES,
]
const PEOPLE = Array.from({ length: 9 }, (_, number) => `p${number}`)
const ROLES = ['ACTOR', 'DIRECTOR']

const credits = (ids: readonly string[]) =>
  ids.flatMap((personId, index) =>
    ROLES.slice(0, 1 + (index % 2)).map((role) => credit(personId, { role })),
  )

export function describePersonNumbers(open: () => Promise<SearchIndex>): void {
  describe('persons by number of films', () => {
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
      await index.upsert(
        'person',
        PEOPLE.map((id) => person(id, `Comet ${id}`, `Комета ${id}`)),
      )
    })

    const query = { language: 'en', sort: 'FILM_COUNT', first: 100 } as const
    const listed = async (given: Partial<NameQuery> = {}) =>
      (await index.persons({ ...query, audiences: ['everyone'], ...given })).hits.map(
        ({ id }) => id,
      )

    /** The contract once more and plainly: most films first, equals by id in the same direction. */
    function expected(films: Iterable<FilmDocument>, audiences: readonly string[]): string[] {
      const seen = [...films].filter(({ audience }) => audiences.includes(audience))
      const count = (id: string) =>
        seen.filter((it) => it.credits.some(({ personId }) => personId === id)).length
      return PEOPLE.toSorted((left, right) => count(right) - count(left) || (left < right ? 1 : -1))
    }

    it('follow films that come, change, are hidden and go, for every viewer', async () => {
      const films = new Map<string, FilmDocument>()
      let version = 0
      const change = fc.record({
        ids: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), {
          minLength: 1,
          maxLength: 4,
        }),
        people: fc.uniqueArray(fc.constantFrom(...PEOPLE), { maxLength: 5 }),
        audience: fc.constantFrom(...AUDIENCES),
        removed: fc.boolean(),
      })
      for (const { ids, people, audience, removed } of fc.sample(change, {
        numRuns: 40,
        seed: 4,
      })) {
        version += 1
        const written = ids.map((id) => film(id, { version, audience, credits: credits(people) }))
        if (removed) await index.remove('film', written)
        else await index.upsert('film', written)
        for (const it of written) {
          if (removed) films.delete(it.id)
          else films.set(it.id, it)
        }
        // an older document changes nothing
        await index.upsert(
          'film',
          ids.map((id) => film(id, { version: 0, credits: credits(PEOPLE) })),
        )
        for (const audiences of VIEWERS) {
          expect(await listed({ audiences })).toEqual(expected(films.values(), audiences))
        }
        const known = [...new Set([...films.values()].map((it) => it.audience))]
        expect([...(await index.audiences())].toSorted()).toEqual(known.toSorted())
      }
    })

    it('follow writers that come at once', async () => {
      const films = Array.from({ length: 60 }, (_, number) =>
        film(`f${number}`, {
          credits: credits(PEOPLE.filter((_, place) => number % (place + 1) === 0)),
        }),
      )
      await Promise.all(
        films.map((_, at) =>
          index.upsert('film', [...films.slice(at), ...films.slice(0, at)].slice(0, 20)),
        ),
      )
      expect(await listed()).toEqual(expected(films, ['everyone']))
    })

    it('follow writers whose batches bring the same persons in opposite orders', async () => {
      const many = Array.from({ length: 300 }, (_, number) => `m${String(number).padStart(3, '0')}`)
      const halves = [many.slice(0, 150), many.slice(150)]
      await index.upsert(
        'film',
        [0, 1].map((side) => film(`old${side}`, { version: 1 })),
      )
      const rounds = Array.from({ length: 12 }, (_, round) => round + 2)
      await Promise.all(
        [0, 1].map(async (side) => {
          for (const version of rounds) {
            // one film gains those that the other writer brings in with a new one
            await index.upsert('film', [
              film(`old${side}`, { version, credits: credits(version % 2 ? [] : halves[side]!) }),
              film(`new${side}${version}`, { credits: credits(halves[1 - side]!) }),
            ])
          }
        }),
      )
      expect(await index.count('film')).toBe(2 + 2 * rounds.length)
      await index.upsert(
        'person',
        many.map((id) => person(id, `Comet ${id}`, 'Комета')),
      )
      const films = new Map<string, FilmDocument>()
      for (const side of [0, 1]) {
        const last = rounds.at(-1)!
        const kept = credits(last % 2 ? [] : halves[side]!)
        films.set(`old${side}`, film(`old${side}`, { credits: kept }))
        for (const version of rounds) {
          const id = `new${side}${version}`
          films.set(id, film(id, { credits: credits(halves[1 - side]!) }))
        }
      }
      const ofFilms = (id: string) =>
        [...films.values()].filter((it) => it.credits.some(({ personId }) => personId === id))
          .length
      const order = many.toSorted((a, b) => ofFilms(b) - ofFilms(a) || (a < b ? 1 : -1))
      expect((await listed()).filter((id) => id.startsWith('m'))).toEqual(order.slice(0, 100))
    })

    it.each(VIEWERS.slice(1))(
      'page through everybody once, as seen by %j',
      async (...audiences) => {
        await index.upsert(
          'film',
          Array.from({ length: 12 }, (_, number) =>
            film(`f${number}`, {
              audience: AUDIENCES[number % 3]!,
              credits: credits(PEOPLE.slice(0, number % 7)),
            }),
          ),
        )
        const seen: string[] = []
        for (let after: string | undefined; ;) {
          const page = await index.persons({
            ...query,
            audiences,
            first: 2,
            ...(after && { after }),
          })
          seen.push(...page.hits.map(({ id }) => id))
          if (!page.hasNextPage) break
          after = page.hits.at(-1)!.cursor
          // somebody new, and the last one seen, are no reason to repeat or skip another
          await index.upsert('person', [person(`new${seen.length}`, 'Comet new', 'Комета')])
        }
        expect(seen.filter((id) => !id.startsWith('new'))).toEqual(
          await listed({ audiences }).then((ids) => ids.filter((id) => !id.startsWith('new'))),
        )
        expect(new Set(seen).size).toBe(seen.length)
      },
    )

    it('are those whose name matches, when a text is given', async () => {
      await index.upsert('film', [film('f', { credits: credits(['p4']) })])
      expect(await listed({ text: 'комета' })).toEqual(
        expected([film('f', { credits: credits(['p4']) })], ['everyone']),
      )
      expect(await listed({ text: 'comet p4' })).toEqual(['p4'])
      expect(await listed({ text: 'nobody' })).toEqual([])
    })
  })
}
