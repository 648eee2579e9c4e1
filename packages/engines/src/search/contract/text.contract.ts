import { beforeAll, describe, expect, it } from 'vitest'
import type { FilmHit, SearchIndex } from '../search-index.js'
import { everything, EVERYONE, films, genres, persons } from './catalogue.contract.js'

const TARKOVSKY = ['prayer', 'stalker', 'solaris']

/** What is typed, and the films that must come first, in order. */
const cases: readonly (readonly [text: string, first: readonly string[]])[] = [
  // as written
  ['The Matrix', ['matrix']],
  ['Матрица', ['matrix']],
  ['matrix', ['matrix']],
  ['МАТРИЦА', ['matrix']],
  ['Человек-паук', ['spider']],
  ['человек паук', ['spider']],
  ['spider man', ['spider']],
  ['2001', ['odyssey']],
  ['брат 2000', ['brother2']],
  ['七人の侍', ['samurai']],
  ["don't look now", ['look']],
  ['dont look', ['look']],
  // a word that says little elsewhere is a whole title
  ['it', ['it']],
  ['оно', ['it']],
  // a whole name before a part of one
  ['брат', ['brother', 'brother2']],
  ['brother', ['brother', 'brother2']],
  // stems
  ['матрицу', ['matrix']],
  ['самураи', ['samurai']],
  ['путешествия на луне', ['moon']],
  ['trips', ['moon']],
  ['hackers', ['matrix']],
  ['симуляции', ['matrix']],
  // ё, й and diacritics
  ['елки', ['yolki']],
  ['ёлки', ['yolki']],
  ['узнает', ['matrix']],
  ['amelie', ['amelie']],
  ['AMÉLIE', ['amelie']],
  ['Ame\u0301lie', ['amelie']],
  ['melies', ['moon']],
  // persons, in either language, with other words
  ['тарковский', TARKOVSKY],
  ['Tarkovsky', TARKOVSKY],
  ['тарковского', TARKOVSKY],
  ['сталкер тарковский', ['stalker']],
  ['matrix киану ривз', ['matrix']],
  // typos
  ['матрца', ['matrix']],
  ['тиатник', ['titanic']],
  ['titanik', ['titanic']],
  ['солярес', ['solaris']],
  ['schwarzeneger', ['terminator']],
  ['шварцнегер', ['terminator']],
  ['тарковскй', TARKOVSKY],
  ['brohter', ['brother', 'brother2']],
  ['the mattrix keanu reevs', ['matrix']],
  // the other keyboard layout
  ['vfnhbwf', ['matrix']],
  [',hfn', ['brother', 'brother2']],
  ['ьфекшч', ['matrix']],
  ['`krb', ['yolki']],
  ['nfhrjdcrbq', TARKOVSKY],
  ['vfnhwf', ['matrix']],
  // one script for the other
  ['bronenosets potyomkin', ['potemkin']],
  ['Bronenosec Potemkin', ['potemkin']],
  ['mumu', ['mumu']],
  ['муму', ['mumu']],
  ['mymy', []],
  ['chaplin', ['limelight']],
  ['Чаплин', ['limelight']],
  ['чплин', ['limelight']],
  ['chapiln', ['limelight']],
  ['голд', ['rush']],
  ['solyaris', ['solaris']],
  ['tarkovskij', TARKOVSKY],
  ['ьгьг', ['mumu']],
  // compounds, as those write them who leave out what joins them
  ['spiderman', ['spider']],
  ['человекпаук', ['spider']],
  // years
  ['matrix 1999', ['matrix']],
  ['матрица 1999', ['matrix']],
  ['1999', ['matrix']],
  ['matrix 1998', ['matrix']],
  ['брат 2 2000', ['brother2']],
  // words around a title
  ['фильм матрица', ['matrix']],
  ['матрица смотреть онлайн', ['matrix']],
  ['film about hacker', ['matrix']],
  // phrases
  ['"the matrix"', ['matrix']],
  ['"братья карамазовы"', ['karamazov']],
  ['«путешествие на Луну»', ['moon']],
  ['"trip moon"', []],
  ['"moon a trip"', []],
  ['"keanu reeves" matrix', ['matrix']],
  ['"matrix"', ['matrix']],
  ['"мир симуляция', ['matrix']],
]

export function describeText(open: () => Promise<SearchIndex>): void {
  describe('search', () => {
    let index: SearchIndex
    beforeAll(async () => {
      index = await open()
      await index.upsert('film', films)
      await index.upsert('person', Object.values(persons))
    })

    const search = async (text: string) => (await index.films({ ...everything, text })).hits
    const idsOf = (hits: readonly { id: string }[]) => hits.map(({ id }) => id)

    it.each(cases)('answers %j with %j first', async (text, first) => {
      const found = idsOf(await search(text))
      expect(found.slice(0, first.length || Infinity)).toEqual(first)
    })

    it('reads a word that names a genre as that, when little else has it', async () => {
      const { scifi } = genres
      await index.upsert('genre', [scifi])
      // the second is for editors
      const ofGenre = ['solaris', 'secret'].map((id) => ({
        ...films.find((it) => it.id === id)!,
        id: `scifi-${id}`,
        genres: [{ id: scifi.id, name: scifi.name }],
      }))
      await index.upsert('film', ofGenre)
      const pages = await Promise.all(
        ['фантастика', 'science film', 'фантастика тарковский', 'фантастика матрица'].map((text) =>
          index.films({ ...everything, text }),
        ),
      )
      const facets = await index.filmFacets({ ...everything, text: 'фантастика' }, ['TYPE'])
      await index.remove('genre', [scifi])
      await index.remove('film', ofGenre)
      expect(pages.map(({ hits }) => idsOf(hits))).toEqual([
        ['scifi-solaris'],
        ['scifi-solaris'],
        ['scifi-solaris'],
        [],
      ])
      expect(pages.map((it) => it.didYouMean)).toEqual([null, 'science', null, null])
      expect(facets.get('TYPE')).toEqual([{ value: 'MOVIE', count: 1 }])
    })

    it('keeps a phrase within one text', async () => {
      const straddling = {
        ...{ title: { en: 'The Velvet', ru: 'Curtain' }, originalTitle: 'Falls' },
        description: { en: 'Velvet is what the' },
      }
      await index.upsert('film', [{ ...films[0]!, ...straddling, id: 'straddling' }])
      const texts = [
        '"velvet curtain"',
        '"curtain falls"',
        '"velvet is"',
        '"the velvet"',
        '"velvet the"',
      ]
      const found = await Promise.all(texts.map(async (text) => (await search(text)).length))
      await index.remove('film', [{ id: 'straddling', version: 1 }])
      expect(found).toEqual([0, 0, 1, 1, 0])
    })

    it.each([
      ['матрца', 'матрица'],
      ['the mattrix keanu revees', 'the matrix keanu reeves'],
      ['vfnhbwf', 'матрица'],
      ['vfnhwf', 'матрица'],
      ['mumu', 'муму'],
      ['matrix 1998', 'matrix'],
      ['МАТРИЦА', null],
      ['"the matrix"', null],
      ['"the matrix" revees', '"the matrix" reeves'],
      ['матрицу', null],
      ['тарковского', null],
      ['2001', null],
      ['qqqqzzzz', null],
      ['', null],
    ])('says that it read %j as %j', async (text, didYouMean) => {
      const query = { ...everything, text }
      const page = await index.films({ ...query, first: 1 })
      expect(page.didYouMean).toBe(didYouMean)
      if (!page.hasNextPage) return
      const next = await index.films({ ...query, first: 1, after: page.hits[0]!.cursor })
      expect(next.didYouMean).toBe(didYouMean)
    })

    it('weighs title, original title, persons and description, in this order', async () => {
      expect(idsOf(await search('zephyr'))).toEqual([
        'zephyr-title',
        'zephyr-original',
        'zephyr-person',
        'zephyr-description',
      ])
    })

    it('wants every word of the text', async () => {
      expect(await search('matrix тарковский')).toEqual([])
    })

    it('corrects nothing when there is enough of what was typed', async () => {
      const close = films.map((it) => ({
        ...it,
        id: `close-${it.id}`,
        title: { en: `Zephir ${it.id}` },
      }))
      await index.upsert('film', close.slice(0, 3))
      const found = idsOf(await search('zephyr'))
      await index.remove(
        'film',
        close.map(({ id, version }) => ({ id, version })),
      )
      expect(found).toHaveLength(4)
    })

    it('ranks a corrected word below the word itself', async () => {
      await index.upsert('film', [
        { ...films[0]!, id: 'close', title: { en: 'Titanis' }, originalTitle: 'Titanis' },
      ])
      const found = idsOf(await search('titanic'))
      await index.remove('film', [{ id: 'close', version: 1 }])
      expect(found).toEqual(['titanic', 'close'])
    })

    it('reads the other keyboard layout only when that finds more', async () => {
      await index.upsert('film', [{ ...films[0]!, id: 'keys', title: { en: 'Vfnhbwf' } }])
      const found = idsOf(await search('vfnhbwf'))
      await index.remove('film', [{ id: 'keys', version: 1 }])
      expect(found).toEqual(['keys'])
    })

    it.each(['', '   '])('takes %j as no text', async (text) => {
      expect(await index.filmCount({ ...everything, text })).toBe(films.length - 1)
    })

    it.each(['qqqqzzzz', '!!!', '🎬'])('finds nothing for %j', async (text) => {
      expect(await search(text)).toEqual([])
      expect(await index.filmCount({ ...everything, text })).toBe(0)
      expect(await index.filmFacets({ ...everything, text }, ['TYPE'])).toEqual(
        new Map([['TYPE', []]]),
      )
    })

    it.each(['matrix', 'матрца', 'vfnhbwf', 'тарковский', 'брат'])(
      'counts for %j what it lists',
      async (text) => {
        const count = (await search(text)).length
        expect(await index.filmCount({ ...everything, text })).toBe(count)
        const facets = await index.filmFacets({ ...everything, text }, ['TYPE'])
        expect(facets.get('TYPE')).toEqual([{ value: 'MOVIE', count }])
      },
    )

    it('sorts matches by other keys too', async () => {
      const { hits } = await index.films({
        ...everything,
        text: 'тарковский',
        sort: { field: 'EXTERNAL_RATING', direction: 'ASC' },
      })
      expect(idsOf(hits)).toEqual(['solaris', 'stalker', 'prayer'])
    })

    it('finds no word of a film by which the viewer could tell that it exists', async () => {
      expect(await search('secret')).toEqual([])
      expect(await search('secrat')).toEqual([])
      const filter = { audiences: ['editors'] }
      const { hits } = await index.films({ ...everything, filter, text: 'secrat' })
      expect(idsOf(hits)).toEqual(['secret'])
    })

    it('writes no word of such a film into a cursor', async () => {
      const title = { en: 'Solaric' }
      const hidden = { ...films[0]!, id: 'hidden', title, originalTitle: 'x', audience: 'editors' }
      await index.upsert('film', [hidden])
      const cursors = async (audiences: string[]) => {
        const query = { ...everything, text: 'solaris', filter: { audiences } }
        const { hits } = await index.films(query)
        return hits.map(({ cursor }) => Buffer.from(cursor, 'base64url').toString()).join()
      }
      const own = await cursors(['everyone'])
      await index.remove('film', [hidden])
      expect(own).not.toBe('')
      expect(own.toLowerCase()).not.toContain('solaric')
    })

    describe('highlights', () => {
      const shown = (hit: FilmHit | undefined) =>
        hit?.highlights.map(
          ({ field, fragments }) =>
            `${field}: ${fragments.map((it) => (it.matched ? `[${it.text}]` : it.text)).join('')}`,
        )
      const first = async (text: string, language: 'en' | 'ru' = 'en') =>
        shown((await index.films({ ...everything, text, language })).hits[0])

      it.each([
        [
          'amelie',
          'en',
          ['TITLE: [Amélie]', "ORIGINAL_TITLE: Le Fabuleux Destin d'[Amélie] Poulain"],
        ],
        ['елки', 'en', ['TITLE: [Ёлки]', 'ORIGINAL_TITLE: [Ёлки]']],
        ['матрицу', 'en', ['TITLE: [Матрица]']],
        ['хакеры', 'ru', ['DESCRIPTION: [Хакер] узнаёт, что его мир — симуляция.']],
        ['schwarzeneger', 'ru', ['PERSON: Арнольд [Шварценеггер]']],
        ['vfnhbwf', 'ru', ['TITLE: [Матрица]']],
        [
          'тарковский зона',
          'ru',
          [
            'PERSON: Андрей [Тарковский]',
            'DESCRIPTION: Проводник ведёт двоих через [Зону] туда, где исполняются желания.',
          ],
        ],
      ] as const)('of %j in %s', async (text, language, highlights) => {
        expect(await first(text, language)).toEqual(highlights)
      })

      it('are plain text, whatever the film contains', async () => {
        const title = { en: '<b>Zanzibar</b> & "co" \\u0001' }
        await index.upsert('film', [{ ...films[0]!, id: 'markup', title, originalTitle: 'x' }])
        const highlights = await first('zanzibar')
        await index.remove('film', [{ id: 'markup', version: 1 }])
        expect(highlights).toEqual(['TITLE: <b>[Zanzibar]</b> & "co" \\u0001'])
      })

      it('are absent without text', async () => {
        const { hits } = await index.films(everything)
        expect(hits.flatMap(({ highlights }) => highlights)).toEqual([])
      })
    })

    describe('of persons', () => {
      const find = async (text: string) =>
        idsOf((await index.persons({ text, language: 'en', sort: 'RELEVANCE', first: 10 })).hits)

      it.each([
        ['Tarkovsky', 'tarkovsky'],
        ['тарковского', 'tarkovsky'],
        ['Андрей', 'tarkovsky'],
        ['melies', 'melies'],
        ['Шварцнегер', 'schwarzenegger'],
        ['vtkmtc', 'melies'],
        ['tarkovskij', 'tarkovsky'],
        ['киану ривс', 'reeves'],
        ['odri totu', 'tautou'],
        ['zhorzh melies', 'melies'],
      ])('finds by %j %s', async (text, id) => {
        expect(await find(text)).toEqual([id])
        expect(await index.personCount({ text, language: 'en' })).toBe(1)
      })

      it('lists all by name in the language asked for', async () => {
        const all = { sort: 'NAME', first: 10 } as const
        expect(idsOf((await index.persons({ ...all, language: 'en' })).hits)).toEqual([
          ...['tarkovsky', 'schwarzenegger', 'tautou', 'zephyr', 'melies', 'reeves'],
        ])
        expect(idsOf((await index.persons({ ...all, language: 'ru' })).hits)).toEqual([
          ...['tarkovsky', 'schwarzenegger', 'zephyr', 'melies', 'reeves', 'tautou'],
        ])
        expect(await index.personCount({ language: 'ru' })).toBe(6)
      })
    })

    it('counts films per genre among the audiences only', async () => {
      const drama = { genres: [{ id: 'drama', name: { en: 'Drama' } }] }
      await index.upsert('film', [
        { ...films[0]!, ...drama, id: 'g1' },
        { ...films[0]!, ...drama, id: 'g2', audience: 'role:subscriber' },
      ])
      const counts = async (audiences: string[]) =>
        Object.fromEntries(await index.filmCountsByGenre(['drama', 'none'], audiences))
      expect(await counts(EVERYONE.audiences)).toEqual({ drama: 1, none: 0 })
      expect(await counts(['everyone', 'role:subscriber'])).toEqual({ drama: 2, none: 0 })
      expect(await counts([])).toEqual({ drama: 0, none: 0 })
      await index.remove('film', [
        { id: 'g1', version: 1 },
        { id: 'g2', version: 1 },
      ])
    })
  })
}
