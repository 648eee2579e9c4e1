import { randomUUID } from 'node:crypto'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import { BulkEditingService } from '@cinegraph/films/editing/bulk-editing.service'
import { FilmEditRepository } from '@cinegraph/films/editing/film-edit.repository'
import { FilmEditingService } from '@cinegraph/films/editing/film-editing.service'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeAll, describe, expect, it } from 'vitest'
import { editing, type Editing, editor } from './editors.js'
import { failCommits } from './failing-commits.js'
import { type Films, openFilms } from './films.js'

const EDIT = /* GraphQL */ `
  mutation ($edits: [FilmEditInput!]!) {
    editFilms(edits: $edits) {
      id
      film {
        id
        status
        ageRating
        version
      }
      problem {
        code
        message
        argument
        problems {
          argument
          message
        }
      }
    }
  }
`
interface Outcome {
  id: string
  film: { id: string; status: string; ageRating: number; version: number } | null
  problem: {
    code: string
    message: string
    argument: string[]
    problems: { argument: string[]; message: string }[]
  } | null
}

/** As the subgraph has it, for requests whose end a test decides. */
function bulkOf({ postgres }: Films) {
  const forget = () => Promise.resolve()
  const editing = new FilmEditingService(
    new FilmEditRepository(postgres.prisma),
    () => new Date(),
    { forget },
  )
  return new BulkEditingService(editing, memoryLog().log)
}

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms()
  by = editing(films)
})

const ask = (edits: readonly object[], as = editor as Parameters<typeof execute>[1]['as']) =>
  execute<{ editFilms: Outcome[] }>(films.subgraph, { query: EDIT, variables: { edits }, as: as! })
const edit = async (edits: readonly object[]) => expectData(await ask(edits)).editFilms

describe('editFilms', () => {
  it('does each edit by itself, and tells what came of it in the order given', async () => {
    const [good, stale, published, other] = await Promise.all([
      by.create(),
      by.create(),
      films.seed.film(),
      by.create({ slug: 'other' }),
    ])
    await by.edit('updateFilm', { ...stale, input: { ageRating: 18 } })
    const absent = randomUUID()
    const edits = [
      { id: good.id, version: 1, change: { ageRating: 6 } },
      { id: stale.id, version: 1, change: { ageRating: 0 } },
      { id: absent, version: 1, action: 'PUBLISH' },
      { id: 'no-id', version: 1, action: 'DELETE' },
      { id: published, version: 1, change: { ageRating: 99, runtimeMinutes: 0 } },
      { id: published, version: 1 },
      { id: published, version: 1, action: 'PUBLISH' },
      { id: published, version: 1, change: { slug: 'other' } },
      { id: published, version: 1, change: null, action: 'ARCHIVE' },
      // a second time: it is another version by now
      { id: good.id, version: 1, action: 'PUBLISH' },
      { id: good.id, version: 2, change: { ageRating: 7 }, action: 'PUBLISH' },
      { id: other.id, version: 1, action: 'DELETE' },
    ]
    const outcomes = await edit(edits)
    expect(outcomes.map(({ id }) => id)).toEqual(edits.map(({ id }) => id))
    const conflict = {
      code: 'CONFLICT',
      message: 'It was edited by somebody else meanwhile; look at it again.',
      argument: ['version'],
    }
    const noFilm = { code: 'NOT_FOUND', message: 'There is no such film.', argument: ['id'] }
    expect(outcomes.map(({ film, problem }) => problem ?? film)).toMatchObject([
      { id: good.id, ageRating: 6, version: 2, status: 'DRAFT' },
      conflict,
      noFilm,
      noFilm,
      {
        code: 'BAD_USER_INPUT',
        message:
          'change.runtimeMinutes: must be between 1 and 1500; change.ageRating: must be between 0 and 21',
        argument: ['change', 'runtimeMinutes'],
        problems: [
          { argument: ['change', 'runtimeMinutes'], message: 'must be between 1 and 1500' },
          { argument: ['change', 'ageRating'], message: 'must be between 0 and 21' },
        ],
      },
      {
        code: 'BAD_USER_INPUT',
        message: 'Give a change, an action or both.',
        argument: ['change'],
      },
      { code: 'CONFLICT', message: 'The film is published already.' },
      {
        code: 'CONFLICT',
        message: `change.slug: the film ${other.id} has other`,
        argument: ['change', 'slug'],
      },
      { id: published, status: 'ARCHIVED', version: 2 },
      conflict,
      { id: good.id, ageRating: 7, version: 3, status: 'PUBLISHED' },
      { id: other.id, version: 2 },
    ])
    expect(outcomes[1]!.film).toEqual({ id: stale.id, ageRating: 18, version: 2, status: 'DRAFT' })
    expect(outcomes.filter((it) => it.problem && it.film).length).toBe(2)
    expect(await by.read(stale.id)).toMatchObject({ ageRating: 18, version: 2 })
    expect(await by.read(other.id)).toBeNull()
  })

  it('makes one edit of a change and an action', async () => {
    const { id } = await by.create()
    await edit([{ id, version: 1, change: { ageRating: 16 }, action: 'PUBLISH' }])
    const { audit, events } = await by.traces(id)
    expect(audit[1]).toMatchObject({ version: 2, action: 'PUBLISHED', userId: editor.id })
    expect(audit[1]!.changes).toEqual([
      { field: 'ageRating', before: 12, after: 16 },
      { field: 'status', before: 'DRAFT', after: 'PUBLISHED' },
    ])
    expect(events.slice(1)).toEqual([{ filmId: id, version: 2, change: 'PUBLISHED' }])
  })

  it('does nothing of an edit whose action makes no sense', async () => {
    const id = await films.seed.film()
    const [outcome] = await edit([{ id, version: 1, change: { ageRating: 3 }, action: 'PUBLISH' }])
    expect(outcome!.problem).toMatchObject({ code: 'CONFLICT' })
    expect(await by.read(id)).toMatchObject({ ageRating: 12, version: 1 })
    expect(await by.traces(id)).toEqual({ audit: [], events: [] })
  })

  it('changes a deleted film as it restores it', async () => {
    const { id } = await by.create()
    await by.edit('deleteFilm', { id, version: 1 })
    const outcomes = await edit([
      { id, version: 2, change: { ageRating: 3 } },
      { id, version: 2, change: { ageRating: 3 }, action: 'RESTORE' },
    ])
    expect(outcomes[0]!.problem).toMatchObject({ code: 'NOT_FOUND' })
    expect(outcomes[1]).toMatchObject({ film: { ageRating: 3, version: 3 }, problem: null })
  })

  const threeOf = async () => {
    const made = [await by.create(), await by.create(), await by.create()]
    return made.map(({ id }) => ({ id, version: 1, change: { ageRating: 3 } }))
  }

  it('goes on after one that fails for a reason of ours', async () => {
    const edits = await threeOf()
    const again = await failCommits(films.postgres, { filmId: edits[1]!.id })
    const outcomes = await edit(edits).finally(again)
    expect(outcomes.map(({ film, problem }) => problem ?? film)).toMatchObject([
      { version: 2 },
      { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side.' },
      { version: 2 },
    ])
    const failed = films.lines.filter(({ msg }) => msg === 'edit failed')
    expect(failed).toMatchObject([
      { level: 'error', filmId: edits[1]!.id, err: { stack: expect.any(String) as string } },
    ])
  })

  it('does not try the rest once the database fails', async () => {
    const edits = await threeOf()
    const again = await failCommits(films.postgres, { filmId: edits[1]!.id, sqlstate: '57P01' })
    const outcomes = await edit(edits).finally(again)
    const unavailable = { code: 'SERVICE_UNAVAILABLE', argument: [] }
    expect(outcomes.map(({ film, problem }) => problem ?? film)).toMatchObject([
      { version: 2 },
      unavailable,
      unavailable,
    ])
    expect(await by.read(edits[2]!.id)).toMatchObject({ version: 1 })
  })

  it('does not try the rest once nobody waits for it', async () => {
    const edits = await threeOf()
    const gone = new AbortController()
    const { pool } = films.postgres
    const service = bulkOf(films)
    // the first edit is under way when the asker goes
    const blocked = await pool.connect()
    await blocked.query(
      'BEGIN; SELECT FROM films.film WHERE id = $1 FOR UPDATE'.replace('$1', `'${edits[0]!.id}'`),
    )
    const outcomes = service.edit({ viewer: editor, signal: gone.signal }, edits)
    gone.abort()
    await blocked.query('COMMIT')
    blocked.release()
    expect((await outcomes).map(({ problem }) => problem?.code)).toEqual([
      undefined,
      'SERVICE_UNAVAILABLE',
      'SERVICE_UNAVAILABLE',
    ])
  })

  it.each([0, 101])('refuses %d edits at once', async (count) => {
    const edits = Array.from({ length: count }, () => ({ id: randomUUID(), version: 1 }))
    expect(expectError(await ask(edits))).toMatchObject({
      message: 'edits: must have 1 to 100 items',
      extensions: { code: 'BAD_USER_INPUT', argument: ['edits'] },
    })
  })

  it('does a hundred', async () => {
    const { id } = await by.create()
    const edits = Array.from({ length: 100 }, (_, index) => ({
      ...{ id, version: index + 1 },
      change: { runtimeMinutes: index + 1 },
    }))
    const outcomes = await edit(edits)
    expect(outcomes.filter(({ problem }) => problem)).toEqual([])
    expect(outcomes.at(-1)!.film!.version).toBe(101)
  })

  it.each([
    ['anonymous', ANONYMOUS, 'UNAUTHENTICATED'],
    ['a user', asUser({ permissions: ['films:read-hidden'] }), 'FORBIDDEN'],
  ])('is not for %s', async (_, as, code) => {
    const id = await films.seed.film()
    const answer = await ask([{ id, version: 1, action: 'DELETE' }], as)
    expect(expectError(answer).extensions.code).toBe(code)
    expect(await by.traces(id)).toEqual({ audit: [], events: [] })
  })
})
