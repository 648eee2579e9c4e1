import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { FILM_FACETS, type SearchIndex } from '../search-index.js'
import { credit, everything, EVERYONE, film, films, person, persons } from './catalogue.contract.js'

const texts = [
  "'; DROP SCHEMA search CASCADE; --",
  "matrix' | 'x",
  'matrix & | ! <-> :* (',
  ':*',
  '!!!',
  "''''",
  '\\',
  '%_*?',
  '\0',
  'mat\0rix',
  '\uD83C',
  '🎬🎬🎬',
  '👩‍👩‍👧‍👦 family',
  'מטריקס',
  '\u202Ematrix',
  '{"query": {"match_all": {}}}',
  'title:matrix AND audience:editors',
  'я'.repeat(10_000),
  'matrix '.repeat(2_000),
  Array.from({ length: 3_000 }, (_, number) => `w${number}`).join(' '),
  '('.repeat(10_000),
  ' '.repeat(10_000) + 'x',
  '\u0301'.repeat(10_000),
  'http://example.org/a?b=c&d=e user@example.org 1e5 -3.14 a_b/c',
  // of quotation marks, compounds, sounds and years
  '"'.repeat(10_000),
  '"a '.repeat(3_000),
  '"'.repeat(4_999) + 'matrix solaris' + '"'.repeat(4_999),
  '«“"matrix"”»',
  '«'.repeat(3_000) + 'x y' + '»'.repeat(3_000),
  '"matrix\' | \'x y"',
  '"matr:* & reloaded"',
  '"\0 \uD83C matrix"',
  'a-'.repeat(5_000),
  "o'".repeat(5_000),
  'щ'.repeat(10_000),
  'sch'.repeat(4_000),
  'y'.repeat(10_000),
  '1999 '.repeat(2_000),
  '1999 2000 film movie',
  'film '.repeat(2_000),
  'æmatrix æ ё',
  Array.from({ length: 10_000 }, (_, number) => `слово${number}`).join(' '),
  '\u202E"\u2066matrix\u2069 solaris"\u202C',
  'ﷺ'.repeat(2_500),
  '\u{1F1F7}\u{1F1FA}'.repeat(1_000),
]

export function describeHostile(open: () => Promise<SearchIndex>): void {
  describe('any text', () => {
    let index: SearchIndex
    beforeAll(async () => {
      index = await open()
      await index.upsert('film', films)
      await index.upsert('person', Object.values(persons))
    })

    async function ask(text: string) {
      const query = { ...everything, text }
      const { hits } = await index.films({ ...query, first: 2 })
      const after = hits[0]?.cursor
      if (after) await index.films({ ...query, first: 2, after })
      await index.filmFacets(query, FILM_FACETS)
      await index.persons({ text, language: 'ru', sort: 'RELEVANCE', first: 2 })
      await index.persons({ text, language: 'en', sort: 'FILM_COUNT', first: 2, ...EVERYONE })
      await index.personCount({ text, language: 'ru' })
      await index.suggest({ prefix: text, language: 'en', limit: 5, ...EVERYONE })
      const count = await index.filmCount(query)
      expect(count).toBeGreaterThanOrEqual(hits.length)
      return hits.map(({ id }) => id)
    }

    it.each(texts.map((text) => [text.slice(0, 40), text]))('is answered: %j', async (_, text) => {
      // a pattern that goes back and forth over 10,000 letters takes minutes, for which neither test nor engine has the patience
      expect(await ask(text)).not.toContain('secret')
    })

    it('is answered: whatever is typed', async () => {
      const letters = fc.constantFrom(
        ...Array.from(`аяёй az09'"\\&|!:*()<>-% \0`),
        ...['🎬', '\uD83C', 'ا', '\u0301'],
      )
      const text = fc.oneof(fc.string({ unit: letters }), fc.string({ unit: 'binary' }))
      await fc.assert(
        fc.asyncProperty(text, async (it) => {
          expect(await ask(it)).not.toContain('secret')
        }),
        { numRuns: 60, seed: 3 },
      )
    })

    it('means nothing by its operators', async () => {
      expect(await ask('matrix | solaris')).toEqual([])
      expect(await ask('!matrix')).toEqual(['matrix'])
      expect(await ask('matr:*')).toEqual([])
    })

    it('may stand in a filter', async () => {
      const odd = ['\0', '\uD83C', "'", '{}', '","']
      const filter = { ...EVERYONE, genreIds: odd, countries: odd, types: odd, statuses: odd }
      expect(await index.filmCount({ ...everything, filter })).toBe(0)
      const none = { ...EVERYONE, allGenreIds: odd, persons: odd.map((id) => ({ id, role: id })) }
      expect(await index.filmCount({ ...everything, filter: none })).toBe(0)
      const all = { ...EVERYONE, excludedGenreIds: odd, excludedCountries: odd }
      const visible = films.filter(({ audience }) => audience === 'everyone')
      expect(await index.filmCount({ ...everything, filter: all })).toBe(visible.length)
      expect(await index.filmCountsByGenre(odd, odd)).toEqual(new Map(odd.map((id) => [id, 0])))
    })

    it('may stand in a document', async () => {
      const en = texts.join('\n')
      const odd = film('odd', {
        title: { en },
        originalTitle: en,
        description: { en: en.repeat(3) },
        countries: ['\0', '\uD83C'],
        credits: [credit('someone', { characters: texts })],
      })
      await index.upsert('film', [odd])
      await index.upsert('person', [person('odd', en, '\0')])
      const { hits } = await index.films({ ...everything, text: 'match_all audience' })
      expect(hits.map(({ id }) => id)).toEqual(['odd'])
      await index.films({ ...everything, sort: { field: 'TITLE', direction: 'ASC' } })
      await index.persons({ language: 'en', sort: 'NAME', first: 10 })
      expect(await index.creditsOf([{ filmId: 'odd', personId: 'someone' }])).toHaveLength(1)
      await index.remove('film', [odd])
      await index.remove('person', [odd])
    })
  })
}
