import { beforeAll, describe, expect, it } from 'vitest'
import type { SearchIndex, SuggestQuery } from '../search-index.js'
import { EVERYONE, films, genres, persons } from './catalogue.contract.js'

export function describeSuggest(open: () => Promise<SearchIndex>): void {
  describe('suggest', () => {
    let index: SearchIndex
    beforeAll(async () => {
      index = await open()
      await index.upsert('film', films)
      await index.upsert('person', Object.values(persons))
      await index.upsert('genre', Object.values(genres))
    })

    const suggest = async (prefix: string, given: Partial<SuggestQuery> = {}) => {
      const query = { prefix, language: 'ru', limit: 10, ...EVERYONE, ...given } as const
      return (await index.suggest(query)).map(({ kind, text }) => `${kind} ${text}`)
    }

    it.each([
      ['матр', ['film Матрица']],
      ['МАТРИЦА', ['film Матрица']],
      ['matr', ['film Матрица']],
      ['амел', ['film Амели']],
      ['amél', ['film Амели']],
      ['елк', ['film Ёлки']],
      ['брат', ['film Брат', 'film Братья Карамазовы', 'film Брат 2']],
      ['паук', ['film Человек-паук']],
      ['человек-п', ['film Человек-паук']],
      ['fabul', ['film Амели']],
      ['андрей т', ['person Андрей Тарковский', 'film Андрей Тарковский. Кино как молитва']],
      ['драм', ['genre Драма']],
      ['vfnh', ['film Матрица']],
      ['матриса', ['film Матрица']],
      ['мэтрикс', ['film Матрица']],
      ['mumu', ['film Муму']],
      ['bronen', ['film Броненосец «Потёмкин»']],
      ['броненосец пот', ['film Броненосец «Потёмкин»']],
      ['bronenosets potyom', ['film Броненосец «Потёмкин»']],
      ['тарков', ['person Андрей Тарковский', 'film Андрей Тарковский. Кино как молитва']],
      ['ешефт', ['film Титаник']],
      ['ьгьг', ['film Муму']],
      ['голд р', ['film The Gold Rush']],
      ['fantast', ['genre Фантастика']],
      ['"матр', ['film Матрица']],
    ])('completes %j', async (prefix, expected) => {
      expect((await suggest(prefix)).toSorted()).toEqual(expected.toSorted())
    })

    it('puts a whole name first, then names that begin so, then other words', async () => {
      expect((await suggest('брат'))[0]).toBe('film Брат')
      expect((await suggest('т')).at(0)).toMatch(/^film (Титаник|Терминатор|Тайная)/)
    })

    it('answers with films, persons and genres together', async () => {
      const kinds = (await suggest('ф')).concat(await suggest('а')).map((it) => it.split(' ')[0])
      expect(new Set(kinds)).toEqual(new Set(['film', 'person', 'genre']))
    })

    it('names things in the language asked for', async () => {
      expect(await suggest('матриц', { language: 'en' })).toEqual(['film The Matrix'])
    })

    it('keeps to the limit', async () => {
      expect(await suggest('а', { limit: 2 })).toHaveLength(2)
    })

    it('shows films of the audiences only', async () => {
      expect(await suggest('тайн')).toEqual([])
      expect(await suggest('тайн', { audiences: ['editors'] })).toEqual(['film Тайная матрица'])
      expect(await suggest('матр', { audiences: [] })).toEqual([])
    })

    it.each(['', ' ', '!', '🎬', 'qqqzzz'])('has nothing to say to %j', async (prefix) => {
      expect(await suggest(prefix)).toEqual([])
    })
  })
}
