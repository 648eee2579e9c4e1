import { execute, expectData } from '@cinegraph/testkit/execute'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { editingOf, editor, named, STRANGERS } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
})
beforeEach(() => editing.announced())

/** As everybody reads it, through the cache, or as editors do. */
const read = async (id: string, as?: typeof editor) => {
  const query = `query ($id: ID!) {
    genre(id: $id) { slug name ru: name(language: RU) description }
  }`
  const variables = { id }
  const options = as ? { query, variables, as } : { query, variables }
  const answer = await execute<{ genre: Record<string, unknown> | null }>(people.subgraph, options)
  return expectData(answer).genre
}

it('is made, edited, renamed and deleted, and each time told', async () => {
  const translations = {
    en: { name: 'Film noir', description: 'Shadows.' },
    ru: { name: 'Нуар', description: null },
  }
  const input = { translations }
  const { id, slug } = await editing.createGenre.done({ input })
  expect(slug).toBe('film-noir')
  const described = { translations: { en: { description: 'Rain.' } } }
  await editing.updateGenre.done({ id, version: 1, input: described })
  const renamed = { translations: { ru: { name: 'Фильм-нуар' } } }
  await editing.updateGenre.done({ id, version: 2, input: renamed })
  const noir = { slug, name: 'Film noir', ru: 'Фильм-нуар', description: 'Rain.' }
  expect(await read(id)).toEqual(noir)
  const entries = (await editing.history('Genre', id)).edges.map(({ node }) => node)
  expect(entries).toMatchObject([
    { version: 3, changes: [{ field: 'name.ru', before: '"Нуар"', after: '"Фильм-нуар"' }] },
    { version: 2, changes: [{ field: 'description.en', before: '"Shadows."', after: '"Rain."' }] },
    { version: 1, action: 'CREATED', by: { id: editor.id } },
  ])
  expect(await editing.deleteGenre.done({ id, version: 3 })).toMatchObject({ id, slug })
  expect(await read(id)).toBeNull()
  const told = (version: number, change: string) => ({
    ...{ event: 'genre.changed.v1', genreId: id, version, change },
  })
  expect(await editing.announced()).toEqual([
    told(1, 'CREATED'),
    told(2, 'EDITED'),
    told(3, 'RENAMED'),
    told(4, 'DELETED'),
  ])
})

it('shows an editor its texts as they were written, in no language that nobody wrote', async () => {
  const en = { name: 'Silent film', description: 'Music.' }
  const { id } = await editing.createGenre.done({ input: { translations: { en } } })
  const query = `query ($id: ID!) { genre(id: $id) { translations { language name description } } }`
  const shown = async () => {
    const answer = await execute(people.subgraph, { query, variables: { id }, as: editor })
    return expectData(answer).genre
  }
  expect(await shown()).toEqual({ translations: [{ language: 'EN', ...en }] })
  const input = { translations: { en: null, ru: { name: 'Немое кино' } } }
  await editing.updateGenre.done({ id, version: 1, input })
  const ru = { language: 'RU', name: 'Немое кино', description: null }
  expect(await shown()).toEqual({ translations: [ru] })
})

it.each([
  { input: { slug: null }, argument: ['slug'] },
  { input: { translations: null }, argument: ['translations'] },
  { input: { translations: { en: { name: null } } }, argument: ['translations', 'en', 'name'] },
])('keeps what has to be there: $input', async ({ input, argument }) => {
  const id = await people.seed.genre({
    slug: `kept-${argument.length}-${argument[0]}`,
    name: { en: 'Kept' },
  })
  expect(await editing.updateGenre.refused({ id, version: 1, input })).toMatchObject({
    ...{ code: 'BAD_USER_INPUT', argument: ['input', ...argument] },
    message: `input.${argument.join('.')}: cannot be cleared`,
  })
})

it('is read anew after an edit, by everybody in the process of the editor', async () => {
  const id = await people.seed.genre({ slug: 'western', name: { en: 'Western' } })
  await people.cache.purge(['genres'])
  expect(await read(id)).toMatchObject({ name: 'Western' })
  await editing.updateGenre.done({ id, version: 1, input: named('Westerns') })
  expect(await read(id)).toMatchObject({ name: 'Westerns' })
})

it('is read past the cache by editors, whichever process they edit in', async () => {
  const id = await people.seed.genre({ slug: 'musical', name: { en: 'Musical' } })
  await people.cache.purge(['genres'])
  await read(id)
  await people.postgres.prisma.genreTranslation.updateMany({
    where: { genreId: id },
    data: { name: 'Musicals' },
  })
  expect(await read(id)).toMatchObject({ name: 'Musical' })
  expect(await read(id, editor)).toMatchObject({ name: 'Musicals' })
})

it('is not deleted while films have it, unless it is taken from them', async () => {
  const id = await people.seed.genre({ slug: 'crime', name: { en: 'Crime' } })
  const other = await people.seed.genre({ slug: 'thriller', name: { en: 'Thriller' } })
  const filmId = await people.seed.knownFilm(await people.seed.film({ genreIds: [other, id] }))
  await people.seed.film({ genreIds: [other] })
  expect(await editing.deleteGenre.refused({ id, version: 1 })).toMatchObject({
    ...{ code: 'CONFLICT', argument: ['force'] },
    message: expect.stringContaining('linked to 1 film:') as string,
  })
  expect(await editing.genresOf(filmId)).toEqual([other, id])
  await editing.deleteGenre.done({ id, version: 1, force: true })
  expect(await editing.genresOf(filmId)).toEqual([other])
  expect(await editing.announced()).toEqual([
    { event: 'genre.changed.v1', genreId: id, version: 2, change: 'DELETED' },
    { event: 'film.linked.v1', filmId, links: ['GENRES'] },
  ])
  const [entry] = (await editing.history('Film', filmId)).edges
  expect(entry!.node).toMatchObject({
    ...{ version: 1, action: 'GENRE_DELETED' },
    changes: [
      { field: 'genres', before: JSON.stringify([other, id]), after: JSON.stringify([other]) },
    ],
  })
})

it('answers an old version with the state of now', async () => {
  const id = await people.seed.genre({ slug: 'epic', name: { en: 'Epic' } })
  await editing.updateGenre.done({ id, version: 1, input: { slug: 'epics' } })
  const input = { slug: 'epical' }
  const late = await editing.updateGenre.done({ id, version: 1, input })
  expect(late.current).toMatchObject({ id, version: 2, slug: 'epics' })
  const deleted = await editing.deleteGenre.done({ id, version: 1 })
  expect(deleted.current).toMatchObject({ id, version: 2 })
})

it.each([
  { given: {}, message: 'input.translations: must have a name in at least one language' },
  {
    given: { en: { name: 'x'.repeat(61) } },
    message: 'input.translations.en.name: must have at most 60 characters',
  },
  {
    given: { en: { name: 'Noir', description: 'x'.repeat(1_001) } },
    message: 'input.translations.en.description: must have at most 1000 characters',
  },
  {
    given: { en: { name: 'Noir' }, ru: { description: 'Тени.' } },
    message: 'input.translations.ru: needs a name in the same language',
  },
])('refuses input of which is to be said: $message', async ({ given, message }) => {
  const input = { translations: given }
  expect(await editing.createGenre.refused({ input })).toMatchObject({
    ...{ code: 'BAD_USER_INPUT', message },
  })
})

it.each(STRANGERS)('is not for who is %s', async (_, viewer, code) => {
  const { id } = await editing.createGenre.done({ input: named('Genre') })
  await editing.announced()
  const as = editingOf(people, viewer)
  const refused = [
    await as.createGenre.refused({ input: named('Mine') }),
    await as.updateGenre.refused({ id, version: 1, input: named('Mine') }),
    await as.deleteGenre.refused({ id, version: 1 }),
  ]
  expect(refused.map((it) => it.code)).toEqual([code, code, code])
  const query = `query ($id: ID!) { genre(id: $id) { name version history { totalCount } } }`
  const answer = await execute(people.subgraph, { query, variables: { id }, as: viewer })
  expect(answer.data).toEqual({ genre: { name: 'Genre', version: null, history: null } })
  expect(await editing.announced()).toEqual([])
})
