import { beforeEach, describe, expect, it } from 'vitest'
import { CatalogueRepository, type Selection } from '../src/catalogue.repository.js'
import { type CatalogueSource, createCatalogueSource } from '../src/catalogue-source.js'
import type { Difference } from '../src/compare.js'
import { refresh } from '../src/refresh.js'
import { reindex } from '../src/reindex.js'
import { repair } from '../src/repair.js'
import { openStage, type Stage } from './stage.js'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})

/** Films in the order of their ids. */
async function createFilms(count: number): Promise<string[]> {
  const films: string[] = []
  for (let number = 0; number < count; number++) {
    films.push(await stage.editor.createFilm(`Film ${number}`))
  }
  return films.toSorted()
}
const film = (problem: Difference['problem'], id: string) => ({ kind: 'film', id, problem })
describe('comparing', () => {
  it('finds no difference where there is none, of anything', async () => {
    expect(await stage.differences()).toEqual([])
    const [id] = await createFilms(3)
    const personIds = [await stage.editor.createPerson('Ada')]
    const genreIds = [await stage.editor.createGenre('Noir')]
    await stage.editor.linkFilm(id!, { personIds, genreIds })
    await reindex(stage)
    expect(await stage.differences()).toEqual([])
  })

  it('tells what is missing, surplus or different, by id, and repairs it', async () => {
    const films = await createFilms(9)
    await refresh('film', films, stage)
    // without an event: nobody has told the index
    await stage.postgres.prisma.filmTranslation.updateMany({
      where: { filmId: { in: [films[2]!, films[8]!] } },
      data: { title: 'Else' },
    })
    await stage.postgres.prisma.film.deleteMany({ where: { id: { in: [films[4]!, films[5]!] } } })
    const person = await stage.editor.createPerson('Ada')
    const found = [
      { kind: 'person', id: person, problem: 'missing' },
      film('different', films[2]!),
      ...[film('surplus', films[4]!), film('surplus', films[5]!)],
      film('different', films[8]!),
    ]
    expect(await stage.differences()).toEqual(found)
    const told: Difference[] = []
    const repaired = await repair({ ...stage, onDifference: (it) => told.push(it) })
    expect(repaired).toEqual({ found: 5, left: 0 })
    expect(told).toEqual(found)
    expect(await stage.differences()).toEqual([])
    expect(await repair(stage)).toEqual({ found: 0, left: 0 })
  })

  it('finds what is missing at both ends and in rows', async () => {
    const films = await createFilms(6)
    await refresh('film', films.slice(1, 3), stage)
    const missing = [films[0], films[3], films[4], films[5]].map((id) => film('missing', id!))
    expect(await stage.differences()).toEqual(missing)
    await stage.postgres.prisma.film.deleteMany()
    expect(await stage.differences()).toEqual(films.slice(1, 3).map((id) => film('surplus', id)))
  })

  it('takes for no difference what has changed between reading one side and the other', async () => {
    const [id] = await createFilms(1)
    await refresh('film', [id!], stage)
    let edited = false
    const source: CatalogueSource = {
      ...stage.source,
      async *all(kind) {
        for await (const read of stage.source.all(kind)) {
          if (!edited) {
            edited = true
            await stage.editor.retitleFilm(id!, 'Else')
            await refresh('film', [id!], stage)
          }
          yield read
        }
      },
    }
    expect(await repair({ ...stage, source })).toEqual({ found: 0, left: 0 })
    expect(edited).toBe(true)
  })

  it('says what cannot be repaired', async () => {
    const [id] = await createFilms(2)
    await refresh('film', [id!], stage)
    // as if the clock of the database had been an hour ahead
    await stage.search.remove('film', [{ id: id!, version: (Date.now() + 3_600_000) * 1_000 }])
    expect(await repair(stage)).toEqual({ found: 2, left: 1 })
  })
})

describe('reindexing', () => {
  it('sends what is there, and leaves out what is not', async () => {
    const films = await createFilms(5)
    await refresh('film', films, stage)
    await stage.postgres.prisma.film.delete({ where: { id: films[0]! } })
    expect(await reindex(stage)).toEqual({ genre: 0, person: 0, film: 4 })
    expect(await stage.differences()).toEqual([])
    expect(await stage.search.isComplete()).toBe(true)
  })

  it('mends what it missed before the new index takes the place of the old one', async () => {
    const films = await createFilms(4)
    let passes = 0
    const source: CatalogueSource = {
      ...stage.source,
      async *all(kind) {
        const first = kind === 'film' && passes++ === 0
        for await (const read of stage.source.all(kind)) {
          if (!first || read.entity.id !== films[1]) yield read
        }
      },
    }
    expect(await reindex({ ...stage, source })).toMatchObject({ film: 3 })
    expect(await stage.search.count('film')).toBe(4)
    expect(await stage.differences()).toEqual([])
  })

  it('keeps the old index when the new one cannot be made equal', async () => {
    const films = await createFilms(3)
    await refresh('film', films, stage)
    let reads = 0
    const repository = new CatalogueRepository(stage.postgres.prisma)
    const unsteady = Object.assign(Object.create(repository) as CatalogueRepository, {
      films: async (selection: Selection) => {
        const rows = await repository.films(selection)
        return rows.map((row) => ({ ...row, title: { en: `Read ${reads++}` } }))
      },
    })
    const source = createCatalogueSource(unsteady)
    const failed = reindex({ ...stage, source })
    await expect(failed).rejects.toThrow(
      '3 documents of the new index are not what the catalogue is, also after they were sent again: the old index stays',
    )
    expect(await stage.search.isComplete()).toBe(false)
    expect(await stage.differences()).toEqual([])
  })

  it('is refused in words while another process does it', async () => {
    await stage.search.rebuild(async () => {
      await expect(reindex(stage)).rejects.toThrow('being rebuilt by another process')
    })
  })
})
