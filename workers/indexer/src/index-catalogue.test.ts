import type { DocumentKind } from '@cinegraph/engines/search/search-index'
import { describe, expect, it } from 'vitest'
import type { Selection } from './catalogue.repository.js'
import { type CatalogueReads, createCatalogueSource } from './catalogue-source.js'
import { indexCatalogue } from './index-catalogue.js'
import type { FilmRow } from './project.js'

const idOf = (index: number) => String(index).padStart(4, '0')

const filmRow = (index: number): FilmRow => ({
  id: idOf(index),
  audience: 'everyone',
  status: 'PUBLISHED',
  type: 'MOVIE',
  title: { en: `Film ${index}` },
  originalTitle: `Film ${index}`,
  description: {},
  releaseDate: null,
  releaseYear: null,
  ageRating: 0,
  countries: [],
  externalRating: null,
  seasons: null,
})
const personRow = (index: number) => ({ id: idOf(index), name: { en: 'P' }, birthDate: null })
const genreRow = (index: number) => ({ id: idOf(index), slug: `g${index}`, name: { en: 'G' } })

const pagesOf =
  <T extends { id: string }>(rows: readonly T[]) =>
  async (selection: Selection): Promise<T[]> => {
    if ('ids' in selection) return rows.filter(({ id }) => selection.ids.includes(id))
    const { after, limit } = selection
    return rows.filter(({ id }) => after === null || id > after).slice(0, limit)
  }

const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

/** A catalogue whose clock advances by one at every look. */
function catalogue(sizes: { genres: number; persons: number; films: number }): CatalogueReads {
  let now = 0
  return {
    clock: async () => (now += 1),
    films: pagesOf(many(sizes.films, filmRow)),
    genres: pagesOf(many(sizes.genres, genreRow)),
    persons: pagesOf(many(sizes.persons, personRow)),
    genresOfFilms: async (ids) =>
      new Map(
        ids.filter((id) => id !== idOf(1)).map((id) => [id, [{ id: 'g', name: { en: id } }]]),
      ),
    creditsOfFilms: async (ids) =>
      new Map(
        ids.map((id) => [id, [{ personId: id, role: 'ACTOR', character: null, name: { en: id } }]]),
      ),
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

interface Written {
  readonly id: string
  readonly version: number
}

function recordingIndex() {
  const writes: { kind: DocumentKind; documents: readonly Written[] }[] = []
  const upsert = async (kind: DocumentKind, documents: readonly Written[]) => {
    writes.push({ kind, documents })
  }
  const idsOf = (kind: DocumentKind) =>
    writes.filter((it) => it.kind === kind).flatMap((it) => it.documents.map(({ id }) => id))
  return { search: { upsert }, writes, idsOf }
}

describe('indexCatalogue', () => {
  it('sends every entity once, in batches that are not larger than asked', async () => {
    const { search, writes, idsOf } = recordingIndex()
    const source = createCatalogueSource(catalogue({ genres: 3, persons: 10, films: 25 }), 4)
    const counts = await indexCatalogue({ source, search, batchSize: 7 })
    expect(counts).toEqual({ genre: 3, person: 10, film: 25 })
    expect(idsOf('genre')).toEqual(many(3, idOf))
    expect(idsOf('person')).toEqual(many(10, idOf))
    expect(idsOf('film')).toEqual(many(25, idOf))
    expect(Math.max(...writes.map(({ documents }) => documents.length))).toBe(7)
  })

  it('writes nothing for an empty catalogue', async () => {
    const { search, writes } = recordingIndex()
    const source = createCatalogueSource(catalogue({ genres: 0, persons: 0, films: 0 }))
    expect(await indexCatalogue({ source, search })).toEqual({ genre: 0, person: 0, film: 0 })
    expect(writes).toEqual([])
  })

  it('tells the progress after each write', async () => {
    const seen: unknown[] = []
    const source = createCatalogueSource(catalogue({ genres: 1, persons: 0, films: 3 }))
    const { search } = recordingIndex()
    await indexCatalogue({ source, search, batchSize: 2, onProgress: (it) => seen.push(it) })
    expect(seen).toEqual([
      { genre: 1, person: 0, film: 0 },
      { genre: 1, person: 0, film: 2 },
      { genre: 1, person: 0, film: 3 },
    ])
  })

  it('ends with the failure of the index', async () => {
    const source = createCatalogueSource(catalogue({ genres: 1, persons: 0, films: 0 }))
    const search = {
      upsert: async () => {
        throw new Error('the index is gone')
      },
    }
    await expect(indexCatalogue({ source, search })).rejects.toThrow('the index is gone')
  })
})

describe('createCatalogueSource', () => {
  it('gives a page the version from before it was read', async () => {
    const reads = catalogue({ genres: 0, persons: 3, films: 0 })
    const order: string[] = []
    const source = createCatalogueSource(
      {
        ...reads,
        clock: () => (order.push('clock'), reads.clock()),
        persons: (selection) => (order.push('read'), reads.persons(selection)),
      },
      2,
    )
    const versions = (await collect(source.all('person'))).map(({ version }) => version)
    expect(order).toEqual(['clock', 'read', 'clock', 'read'])
    expect(versions).toEqual([1, 1, 2])
  })

  it('completes films with their own genres and credits, and those without any with none', async () => {
    const source = createCatalogueSource(catalogue({ genres: 0, persons: 0, films: 3 }), 2)
    const films = (await collect(source.all('film'))).map(({ entity }) => entity)
    expect(
      films.map(({ id, genres, credits }) => [id, genres.length, credits[0]?.personId]),
    ).toEqual([
      ['0000', 1, '0000'],
      ['0001', 0, '0001'],
      ['0002', 1, '0002'],
    ])
  })
})
