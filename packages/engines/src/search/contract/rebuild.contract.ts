import { beforeEach, describe, expect, it } from 'vitest'
import { documentDigest } from '../document-digest.js'
import type { FilmDocument, IndexContent, SearchIndex } from '../search-index.js'
import type { SearchAdapter } from './adapter.contract.js'
import { credit, everything, film, genre, person } from './catalogue.contract.js'

const ALL = { after: null, limit: 10_000 }

export function describeRebuild({ open, clear }: Omit<SearchAdapter, 'relevance'>): void {
  describe('a rebuild', () => {
    let index: SearchIndex
    beforeEach(async () => {
      await clear()
      index = await open()
    })
    const found = async (of: SearchIndex = index) =>
      (await of.films(everything)).hits.map(({ id }) => id).toSorted()
    const idsIn = async (content: Pick<IndexContent, 'digests'>) =>
      (await content.digests('film', ALL)).map(({ id }) => id)
    const failing = (fill: (next: IndexContent) => Promise<void>) =>
      index.rebuild(async (next) => {
        await fill(next)
        throw new Error('the source is gone')
      })

    it('leaves what was sent to the new one, of every kind, and nothing else', async () => {
      await index.upsert('film', [film('a'), film('b')])
      await index.upsert('person', [person('p', 'Ada', 'Ада')])
      const outcome = await index.rebuild(async (next) => {
        await next.upsert('film', [film('b'), film('c'), film('d')])
        await next.remove('film', [{ id: 'd', version: 1 }])
        await next.upsert('genre', [genre('g', 'Noir', 'Нуар')])
        expect([await next.count('film'), await next.count('genre')]).toEqual([2, 1])
        expect(await idsIn(next)).toEqual(['b', 'c'])
      })
      expect(outcome).toBe('done')
      expect(await found()).toEqual(['b', 'c'])
      const counts = [index.count('film'), index.count('person'), index.count('genre')]
      expect(await Promise.all(counts)).toEqual([2, 0, 1])
    })

    it('is seen by other processes that have it open, and by those that open it later', async () => {
      const other = await open()
      await index.rebuild((next) => next.upsert('film', [film('a')]))
      await other.upsert('film', [film('b')])
      for (const it of [index, other, await open()]) expect(await found(it)).toEqual(['a', 'b'])
    })

    it('is what a question is answered from that was asked often before', async () => {
      for (const id of ['a', 'b', 'c']) {
        await index.rebuild((next) => next.upsert('film', [film(id)]))
        // an engine may remember how it answered
        for (let time = 0; time < 5; time++) expect(await found()).toEqual([id])
      }
    })

    it('counts what is written afterwards, as the old one did', async () => {
      const ada = { name: { en: 'Ada' } }
      const byFilms = {
        language: 'en',
        sort: 'FILM_COUNT',
        audiences: ['everyone'],
        first: 10,
      } as const
      for (const round of [1, 2]) {
        await index.rebuild(async (next) => {
          await next.upsert('person', [person('p', 'Ada', 'Ада'), person('q', 'Bea', 'Беа')])
          await next.upsert('film', [film('a', { credits: [credit('q', ada)] })])
        })
        const order = async () => (await index.persons(byFilms)).hits.map(({ id }) => id)
        expect(await order()).toEqual(['q', 'p'])
        const films = ['b', 'c'].map((id) =>
          film(id, { version: round, credits: [credit('p', ada)] }),
        )
        await index.upsert('film', films)
        expect(await order()).toEqual(['p', 'q'])
        expect(await index.filmCount({ ...everything })).toBe(3)
        const gone = ['b', 'c'].map((id) => ({ id, version: round }))
        await index.remove('film', gone)
        expect(await order()).toEqual(['q', 'p'])
        expect(await found()).toEqual(['a'])
      }
    })

    it('may be done over and over, and searches as before', async () => {
      const title = { en: 'Metropolis', ru: 'Метрополис' }
      for (const id of ['a', 'b', 'c']) {
        const fill = (next: IndexContent) => next.upsert('film', [film(id, { title })])
        expect(await index.rebuild(fill)).toBe('done')
        // words of typos and stems belong to the new one as well
        for (const text of ['metropolis', 'metropolsi', 'метрополиса', 'vtnhjgjkbc']) {
          const { hits } = await index.films({ ...everything, text })
          expect(hits.map((it) => it.id)).toEqual([id])
        }
      }
    })

    it('keeps the versions of what it was sent', async () => {
      await index.rebuild(async (next) => {
        await next.upsert('film', [film('a', { version: 5 })])
        await next.remove('film', [{ id: 'b', version: 5 }])
      })
      await index.upsert('film', [film('a', { version: 4, title: { en: 'Late' } }), film('b')])
      expect(await found()).toEqual(['a'])
      expect((await index.films({ ...everything, text: 'late' })).hits).toEqual([])
    })

    it('takes what is older than the index, as of a database that was restored', async () => {
      await index.upsert('film', [film('a', { version: 9, title: { en: 'Quibblewick' } })])
      await index.remove('film', [{ id: 'b', version: 9 }])
      await index.rebuild((next) =>
        next.upsert('film', [film('a', { version: 5 }), film('b', { version: 5 })]),
      )
      await index.upsert('film', [film('b', { version: 6, title: { en: 'Flumadiddle' } })])
      expect(await found()).toEqual(['a', 'b'])
      const titled = async (text: string) =>
        (await index.films({ ...everything, text })).hits.length
      expect([await titled('quibblewick'), await titled('flumadiddle')]).toEqual([0, 1])
    })

    it('that fails leaves all as it was, also what was written meanwhile', async () => {
      await index.upsert('film', [film('a'), film('b')])
      const rebuilt = failing(async (next) => {
        await next.upsert('film', [film('c')])
        await index.upsert('film', [film('d')])
        await index.remove('film', [{ id: 'b', version: 2 }])
      })
      await expect(rebuilt).rejects.toThrow('the source is gone')
      expect(await found()).toEqual(['a', 'd'])
      expect(await index.isComplete()).toBe(false)
      await index.upsert('film', [film('e')])
      expect(await found()).toEqual(['a', 'd', 'e'])
      expect(await index.rebuild((next) => next.upsert('film', [film('f')]))).toBe('done')
      expect(await found()).toEqual(['f'])
    })

    it('is refused while another is under way, of any process', async () => {
      const other = await open()
      const outcomes: string[] = []
      const outcome = await index.rebuild(async (next) => {
        await next.upsert('film', [film('a')])
        const fill = (it: IndexContent) => it.upsert('film', [film('b')])
        outcomes.push(await other.rebuild(fill), await index.rebuild(fill))
      })
      expect([...outcomes, outcome]).toEqual(['busy', 'busy', 'done'])
      expect(await found()).toEqual(['a'])
      expect(await other.rebuild(async () => {})).toBe('done')
    })

    it('of one release and that of another do not know each other', async () => {
      await index.rebuild(async () => {})
      const other = await open(2)
      await index.rebuild(async (next) => {
        await next.upsert('film', [film('a')])
        expect(await other.rebuild((it) => it.upsert('film', [film('b')]))).toBe('done')
      })
      expect([await found(), await found(other)]).toEqual([['a'], ['b']])
    })

    it('of which others write gets all that they write, and they see it at once', async () => {
      const other = await open()
      await index.upsert('film', [film('a'), film('b')])
      await index.rebuild(async (next) => {
        await other.upsert('film', [film('c')])
        await other.upsert('person', [person('p', 'Ada', 'Ада')])
        await index.remove('film', [{ id: 'b', version: 2 }])
        expect(await found()).toEqual(['a', 'c'])
        // what fill has read before the removal
        await next.upsert('film', [film('a'), film('b')])
      })
      expect(await found()).toEqual(['a', 'c'])
      expect(await index.count('person')).toBe(1)
    })

    it('never shows less than everything to those who search meanwhile', async () => {
      const title = { en: 'Metropolis', ru: 'Метрополис' }
      const always = Array.from({ length: 40 }, (_, number) => film(`always${number}`, { title }))
      await index.upsert('film', always)
      const ended = new AbortController()
      const search = async (reader: SearchIndex) => {
        let asked = 0
        for (; !ended.signal.aborted; asked++) {
          const query = { ...everything, text: asked % 2 ? 'metropolsi' : 'метрополиса' }
          const { hits } = await reader.films(query)
          expect([hits.length, hits[0]?.highlights.length]).toEqual([
            always.length,
            asked % 2 ? 2 : 1,
          ])
          expect(await reader.filmCount(query)).toBe(always.length)
        }
        return asked
      }
      const searching = Promise.all((await Promise.all([open(), open(), open()])).map(search))
      const rebuilding = async () => {
        for (let time = 0; time < 6; time++) {
          await index.rebuild((next) => next.upsert('film', always))
        }
        ended.abort()
      }
      const [counts] = await Promise.all([searching, rebuilding()])
      for (const asked of counts) expect(asked).toBeGreaterThan(6)
    })

    it('loses nothing of many who write while one index takes the place of the other', async () => {
      const truth = new Map<string, FilmDocument>()
      let clock = 0
      /** Sends what there is of the ids now, as one does who reads them from a database. */
      const send = async (to: IndexContent, ids: readonly string[]) => {
        const version = ++clock
        const there = ids.flatMap((id) => truth.get(id) ?? [])
        const gone = ids.filter((id) => !truth.has(id))
        await to.upsert(
          'film',
          there.map((it) => ({ ...it, version })),
        )
        await to.remove(
          'film',
          gone.map((id) => ({ id, version })),
        )
      }
      const writers = await Promise.all(Array.from({ length: 4 }, () => open()))
      let turns = 0
      const write = async (writer: SearchIndex, ended: AbortSignal) => {
        while (!ended.aborted) {
          const [added, removed] = [`f${++turns}`, `f${turns - 9}`]
          truth.set(added, film(added, { title: { en: `Turn ${turns}` } }))
          if (turns % 2) truth.delete(removed)
          await send(writer, [added, removed])
        }
      }
      for (let round = 0; round < 5; round++) {
        const ended = new AbortController()
        const writing = writers.map((writer) => write(writer, ended.signal))
        await index.rebuild((next) => send(next, [...truth.keys()]))
        ended.abort()
        await Promise.all(writing)
        // at once: the next rebuild would mend what this one has lost
        const expected = [...truth.values()].map((it) => ({
          id: it.id,
          digest: documentDigest(it),
        }))
        expect(await index.digests('film', { after: null, limit: 100_000 })).toEqual(
          expected.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        )
      }
      expect(turns).toBeGreaterThan(50)
    })
  })
}
