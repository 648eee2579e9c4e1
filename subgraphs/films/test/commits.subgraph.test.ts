import { FilmEditRepository } from '@cinegraph/films/editing/film-edit.repository'
import { FilmEditingService } from '@cinegraph/films/editing/film-editing.service'
import { type ExecuteResult, expectError } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { editing, type Editing, NEW_FILM, type Variables } from './editors.js'
import { failCommits } from './failing-commits.js'
import { type Films, openFilms } from './films.js'

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms()
  by = editing(films)
})

/** Every row that an edit can write. */
async function everything(): Promise<unknown> {
  const tables = ['film', 'film_translation', 'film_external_id', 'season', 'episode', 'film_audit']
  const names = [...tables.map((name) => `films.${name}`), 'platform.outbox']
  const rows = names.map((name) => `(SELECT jsonb_agg(it ORDER BY it::text) FROM ${name} AS it)`)
  return (await films.postgres.pool.query(`SELECT ${rows.join(', ')}`)).rows
}

async function nothingRemainsOf(work: () => Promise<unknown>): Promise<void> {
  const before = await everything()
  const again = await failCommits(films.postgres)
  await work().finally(again)
  expect(await everything()).toEqual(before)
}

describe('of an edit that does not commit nothing remains and nothing is announced:', () => {
  const parts = {
    externalIds: [{ source: 'imdb', value: 'tt4' }],
    translations: { ru: { title: 'Метрополис' } },
  }

  it('createFilm', async () => {
    await nothingRemainsOf(async () => {
      const answer = await by.mutate('createFilm', { input: { ...NEW_FILM, ...parts } })
      expect(expectError(answer).extensions.code).toBe('INTERNAL_SERVER_ERROR')
    })
    await by.create(parts)
  })

  it.each<['updateFilm' | 'saveSeason', Variables]>([
    ['updateFilm', { input: { ...parts, slug: 'rolled-back', externalIds: [] } }],
    ['saveSeason', { season: { number: 1, episodes: [{ number: 1 }] } }],
  ])('%s', async (mutation, variables) => {
    const { id, version } = await by.create({ type: 'TV_SHOW' })
    await nothingRemainsOf(async () => {
      const answer = await by.mutate(mutation, { id, version, ...variables })
      expect(expectError(answer).extensions.code).toBe('INTERNAL_SERVER_ERROR')
    })
    await by.edit(mutation, { id, version, ...variables })
  })

  it('the schedule', async () => {
    const publishAt = new Date(Date.now() + 1_000)
    const id = await films.seed.film({ status: 'SCHEDULED', publishAt })
    const edits = new FilmEditRepository(films.postgres.prisma)
    const forget = () => Promise.resolve()
    const editing = new FilmEditingService(edits, () => publishAt, { forget })
    await nothingRemainsOf(() => expect(editing.publishDue(id)).rejects.toThrow('no commit'))
    expect(await editing.publishDue(id)).toBe(true)
  })
})

const imdb = (value: string) => ({ externalIds: [{ source: 'imdb', value }] })
const codeOf = ({ errors }: ExecuteResult<unknown>) => errors?.[0]?.extensions.code ?? 'done'

describe('editors who give films the same values at the same time', () => {
  it.each([
    ['slugs', (value: string) => ({ slug: value })],
    ['external ids', imdb],
  ])('and swap %s, are both told that another film has them', async (_, having) => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [having(`a${round}`), having(`b${round}`)]
      const [one, other] = [await by.create(a), await by.create(b)]
      const answers = await Promise.all([
        by.mutate('updateFilm', { id: one.id, version: 1, input: b }),
        by.mutate('updateFilm', { id: other.id, version: 1, input: a }),
      ])
      expect(answers.map(codeOf)).toEqual(['CONFLICT', 'CONFLICT'])
    }
  })

  it('one making a film and one changing it, are told, all but one', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, version } = await by.create()
      const input = { slug: `both-${round}`, ...imdb(`both${round}`) }
      const answers = await Promise.all([
        by.mutate('createFilm', { input: { ...NEW_FILM, ...input } }),
        by.mutate('updateFilm', { id, version, input }),
      ])
      expect(answers.map(codeOf).sort()).toEqual(['CONFLICT', 'done'])
    }
  })
})
