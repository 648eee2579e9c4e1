import { randomUUID } from 'node:crypto'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type EditedFilm,
  editing,
  type Editing,
  editor,
  FILM_MUTATIONS,
  NEW_FILM,
} from './editors.js'
import { type Films, openFilms } from './films.js'

const EVERYTHING = {
  slug: 'dom-na-trubnoy',
  type: 'TV_SHOW',
  originalTitle: 'Дом на Трубной',
  originalLanguage: 'ru',
  releaseDate: '1928-09-04',
  runtimeMinutes: 64,
  ageRating: 6,
  countries: ['SU', 'RU'],
  externalRating: 7.4,
  creditsStartSec: 3_800,
  trailerUrl: 'https://trailers.example/house.mp4',
  requiredRole: 'subscriber',
  hiddenWithoutRole: true,
  externalIds: [
    { source: 'imdb', value: 'tt0018839' },
    { source: 'wikidata', value: 'Q4166107' },
  ],
}
const TEXTS = {
  en: { title: 'The House on Trubnaya', description: 'A maid.\nAnd a duck.', tagline: 'Vote!' },
  ru: { title: 'Дом на Трубной' },
}

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms()
  by = editing(films)
})

const WIKIDATA = { source: 'wikidata', value: 'Q1' }
/** `input` as another film has it: but for the first external id, which is free. */
const withoutWikidata = (input: { slug?: string; externalIds?: object[] }) =>
  input.externalIds ? { externalIds: input.externalIds.slice(1) } : input
const pathOf = (field: string) =>
  field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))

const refusal = async (
  ...[mutation, variables, options]: Parameters<Editing['mutate']>
): Promise<{ code: string; message: string; argument: unknown }> => {
  const { message, extensions } = expectError(await by.mutate(mutation, variables, options))
  return { code: extensions.code, message, argument: extensions['argument'] }
}

describe('createFilm', () => {
  it('makes a draft of every field', async () => {
    const input = { ...EVERYTHING, translations: TEXTS }
    const film = await by.edit('createFilm', { input })
    expect(film).toEqual({
      __typename: 'Film',
      ...EVERYTHING,
      id: film.id,
      releaseYear: 1928,
      translations: [
        { language: 'EN', ...TEXTS.en },
        { language: 'RU', ...TEXTS.ru, description: null, tagline: null },
      ],
      status: 'DRAFT',
      publishAt: null,
      version: 1,
      seasons: [],
    })
    expect(await by.read(film.id)).toEqual(film)
  })

  it('records who made it, and announces it', async () => {
    const { id } = await by.create()
    const { audit, events } = await by.traces(id)
    expect(audit).toMatchObject([{ version: 1, action: 'CREATED', userId: editor.id }])
    expect(audit[0]!.changes).toContainEqual({
      field: 'title.en',
      before: null,
      after: 'Metropolis',
    })
    expect(events).toEqual([{ filmId: id, version: 1, change: 'CREATED' }])
  })

  it('needs little, and takes the title for the original one', async () => {
    expect(await by.create()).toMatchObject({
      originalTitle: 'Metropolis',
      releaseDate: null,
      releaseYear: null,
      countries: [],
      requiredRole: null,
      hiddenWithoutRole: false,
      externalIds: [],
    })
    const ru = { originalLanguage: 'ru', translations: { en: { title: 'M' }, ru: { title: 'Эм' } } }
    expect(await by.create(ru)).toMatchObject({ originalTitle: 'Эм' })
  })

  it('takes null for absent', async () => {
    const fields = ['slug', 'originalTitle', 'hiddenWithoutRole', 'countries', 'externalIds']
    const film = await by.create(Object.fromEntries(fields.map((field) => [field, null])))
    expect(film).toMatchObject({ originalTitle: 'Metropolis', hiddenWithoutRole: false })
    const input = { countries: ['FR'], externalIds: [{ source: 'imdb', value: 'tt7' }] }
    await by.edit('updateFilm', { ...film, input })
    const none = { countries: null, externalIds: null }
    const after = await by.edit('updateFilm', { id: film.id, version: 2, input: none })
    expect(after).toMatchObject({ countries: [], externalIds: [] })
  })

  it('makes a slug of the title and the year, with a number when it is taken', async () => {
    const input = { translations: { ru: { title: 'Ёжик в тумане' } }, releaseYear: 1975 }
    const slugs = []
    for (let time = 0; time < 3; time++) slugs.push((await by.create(input)).slug)
    const slug = 'yozhik-v-tumane-1975'
    expect(slugs).toEqual([slug, `${slug}-2`, `${slug}-3`])
  })

  it('gives films that are made at the same time slugs of their own', async () => {
    const input = { translations: { en: { title: 'At the same time' } } }
    const made = await Promise.all(Array.from({ length: 8 }, () => by.create(input)))
    const numbers = ['', ...[2, 3, 4, 5, 6, 7, 8].map((number) => `-${number}`)]
    expect(made.map((film) => film.slug).sort()).toEqual(
      numbers.map((number) => `at-the-same-time${number}`),
    )
  })

  it.each([
    ['slug', { slug: 'taken' }, 'taken'],
    ['externalIds.1', { externalIds: [WIKIDATA, { source: 'imdb', value: 'tt1' }] }, 'imdb tt1'],
  ])('refuses the %s of another film, and does nothing', async (field, input, value) => {
    const { id } = await by.create(withoutWikidata(input))
    const count = () => films.postgres.prisma.film.count()
    const before = await count()
    expect(await refusal('createFilm', { input: { ...NEW_FILM, ...input } })).toEqual({
      code: 'CONFLICT',
      message: `input.${field}: the film ${id} has ${value}`,
      argument: ['input', ...pathOf(field)],
    })
    expect(await count()).toBe(before)
  })
})

describe('updateFilm', () => {
  it('changes what is given, clears what is null, and leaves the rest', async () => {
    const before = await by.edit('createFilm', {
      input: { ...EVERYTHING, slug: 'update', externalIds: [], translations: TEXTS },
    })
    const input = {
      runtimeMinutes: null,
      ageRating: 16,
      countries: ['FR'],
      requiredRole: 'premium',
    }
    const { id, version } = before
    const after = await by.edit('updateFilm', { id, version, input })
    expect(after).toEqual({ ...before, ...input, version: 2 })
    expect(await by.read(id)).toEqual(after)
  })

  it('merges texts by language', async () => {
    const { id, version } = await by.create({ translations: TEXTS })
    const change = async (version: number, translations: object) => {
      const film = await by.edit('updateFilm', { id, version, input: { translations } })
      return film.translations
    }
    const title = 'The House in Trubnaya Square'
    const en = { language: 'EN', ...TEXTS.en, title, tagline: null }
    const ru = { language: 'RU', ...TEXTS.ru, description: 'Домработница.', tagline: null }
    expect(await change(version, { en: { title, tagline: null } })).toMatchObject([en, TEXTS.ru])
    expect(await change(version + 1, { ru: { description: ru.description } })).toEqual([en, ru])
    expect(await change(version + 2, { en: null })).toEqual([ru])
  })

  it('keeps the year that of the date', async () => {
    const { id } = await by.create({ releaseDate: '1927-01-10' })
    const update = async (version: number, input: object) => {
      const { releaseDate, releaseYear } = await by.edit('updateFilm', { id, version, input })
      return [releaseDate, releaseYear]
    }
    expect(await update(1, { releaseDate: '1928-02-01' })).toEqual(['1928-02-01', 1928])
    expect(await update(2, { releaseDate: null })).toEqual([null, 1928])
    expect(await update(3, { releaseYear: 1929 })).toEqual([null, 1929])
  })

  it('records each field that differs, before and after', async () => {
    const { id } = await by.create({ externalIds: [{ source: 'imdb', value: 'tt2' }] })
    const input = {
      translations: { en: { title: 'M' }, ru: { title: 'Эм' } },
      countries: ['DE'],
      externalIds: [{ source: 'imdb', value: 'tt3' }],
    }
    await by.edit('updateFilm', { id, version: 1, input })
    const { audit, events } = await by.traces(id)
    expect(audit[1]).toMatchObject({ version: 2, action: 'EDITED', userId: editor.id })
    expect(audit[1]!.changes).toEqual([
      { field: 'countries', before: [], after: ['DE'] },
      { field: 'externalIds.imdb', before: 'tt2', after: 'tt3' },
      { field: 'title.en', before: 'Metropolis', after: 'M' },
      { field: 'title.ru', before: null, after: 'Эм' },
    ])
    expect(events[1]).toEqual({ filmId: id, version: 2, change: 'EDITED' })
  })

  it('replaces external ids as a whole, and gives up those that are gone', async () => {
    const [imdb, tmdb] = [
      { source: 'imdb', value: 'tt9' },
      { source: 'tmdb', value: '9' },
    ]
    const { id } = await by.create({ externalIds: [imdb, tmdb] })
    const update = async (version: number, externalIds: object[]) =>
      (await by.edit('updateFilm', { id, version, input: { externalIds } }))['externalIds']
    expect(await update(1, [tmdb])).toEqual([tmdb])
    expect(await update(2, [])).toEqual([])
    expect(await by.create({ externalIds: [imdb, tmdb] })).toMatchObject({ version: 1 })
  })

  it('that is refused takes nothing from the others of its document', async () => {
    const { id } = await by.create()
    const update = (name: string, ageRating: number) =>
      `${name}: updateFilm(id: "${id}", version: 1, input: { ageRating: ${ageRating} }) { ... on Film { version } }`
    const query = `mutation { ${update('bad', 99)} ${update('good', 3)} }`
    const answer = await execute(films.subgraph, { query, as: editor })
    expect(answer.data).toEqual({ bad: null, good: { version: 2 } })
    expect(expectError(answer)).toMatchObject({ path: ['bad'] })
  })

  it('that changes nothing leaves no trace', async () => {
    const film = await by.create({ countries: ['DE'] })
    const input = {
      ageRating: 12,
      countries: ['DE'],
      translations: { en: { title: 'Metropolis ' } },
    }
    expect(await by.edit('updateFilm', { ...film, input })).toEqual(film)
    const { audit, events } = await by.traces(film.id)
    expect([audit.length, events.length]).toEqual([1, 1])
  })

  it.each([
    ['slug', { slug: 'of-another' }, 'of-another'],
    ['externalIds.1', { externalIds: [WIKIDATA, { source: 'tmdb', value: '1' }] }, 'tmdb 1'],
  ])('refuses the %s of another film, and leaves no trace', async (field, input, value) => {
    const { id } = await by.create(withoutWikidata(input))
    const film = await by.create()
    const all = { ...input, ageRating: 18, translations: { en: { title: 'Other' } } }
    expect(await refusal('updateFilm', { ...film, input: all })).toEqual({
      code: 'CONFLICT',
      message: `input.${field}: the film ${id} has ${value}`,
      argument: ['input', ...pathOf(field)],
    })
    expect(await by.read(film.id)).toEqual(film)
    const { audit, events } = await by.traces(film.id)
    expect([audit.length, events.length]).toEqual([1, 1])
  })

  it.each([
    [
      'a title is gone',
      { translations: { en: null } },
      'input.translations: must have a title in one language at least',
    ],
    [
      'a text has no title',
      { translations: { ru: { description: 'О городе.' } } },
      'input.translations.ru: must come with a title in the same language',
    ],
    [
      'the year is not that of the date',
      { releaseDate: '1927-01-10', releaseYear: 1928 },
      'input.releaseYear: must be the year of releaseDate, 1927',
    ],
    [
      'the credits start after the end',
      { runtimeMinutes: 90, creditsStartSec: 5_401 },
      'input.creditsStartSec: must be within the running time, up to 5400',
    ],
    [
      'it is hidden and no role is named',
      { hiddenWithoutRole: true },
      'input.hiddenWithoutRole: needs requiredRole',
    ],
  ])('refuses what contradicts itself: %s', async (_, input, message) => {
    const { id, version } = await by.create()
    const refused = await refusal('updateFilm', { id, version, input })
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', message })
  })

  it('refuses to make a movie of a series with seasons', async () => {
    const { id } = await by.create({ type: 'TV_SHOW' })
    await by.edit('saveSeason', { id, version: 1, season: { number: 1, episodes: [] } })
    expect(await refusal('updateFilm', { id, version: 2, input: { type: 'MOVIE' } })).toEqual({
      code: 'CONFLICT',
      message: 'A film with seasons cannot be a movie: delete its seasons first.',
      argument: ['input', 'type'],
    })
    await by.edit('deleteSeason', { id, version: 2, number: 1 })
    const movie = await by.edit('updateFilm', { id, version: 3, input: { type: 'MOVIE' } })
    expect(movie).toMatchObject({ type: 'MOVIE', version: 4 })
  })
})

describe('whoever edits', () => {
  const EDITS: Readonly<Record<string, object>> = {
    createFilm: { input: NEW_FILM },
    updateFilm: { input: { ageRating: 18 } },
    scheduleFilm: { publishAt: '2030-01-01T00:00:00Z' },
    saveSeason: { season: { number: 1, episodes: [] } },
    deleteSeason: { number: 1 },
  }

  it.each(FILM_MUTATIONS)('needs the permission for %s, whatever is sent', async (mutation) => {
    const id = await films.seed.film()
    const variables = { id, version: 1, ...EDITS[mutation] }
    const codeFor = async (as: Parameters<typeof asUser>[0] | null) =>
      (await refusal(mutation, variables, { as: as === null ? ANONYMOUS : asUser(as) })).code
    expect(await codeFor(null)).toBe('UNAUTHENTICATED')
    expect(await codeFor({ permissions: ['films:read-hidden', 'people:write'] })).toBe('FORBIDDEN')
    expect((await by.read(id))!.version).toBe(1)
    expect(await by.traces(id)).toEqual({ audit: [], events: [] })
  })

  const OTHERS = FILM_MUTATIONS.filter((it) => it !== 'createFilm')

  it.each(OTHERS)('is told by %s of a film that is not there', async (mutation) => {
    for (const id of [randomUUID(), 'no-id']) {
      const refused = await refusal(mutation, { id, version: 1, ...EDITS[mutation] })
      expect(refused).toMatchObject({ code: 'NOT_FOUND', argument: ['id'] })
    }
  })

  it('sees, past the cache, and edits with films:write alone what nobody else sees', async () => {
    const as = asUser({ permissions: ['films:write'] })
    const made = await by.mutate('createFilm', { input: NEW_FILM }, { as })
    const { id } = expectData(made).result as EditedFilm
    expect(await by.read(id, ANONYMOUS)).toBeNull()
    expect(await by.read(id, as)).toMatchObject({ id, status: 'DRAFT', version: 1 })
    const input = { ageRating: 3 }
    const answer = await by.mutate('updateFilm', { id, version: 1, input }, { as })
    const edited = { __typename: 'Film', ageRating: 3, version: 2 }
    expect(expectData(answer).result).toMatchObject(edited)
    expect(await by.read(id, as)).toMatchObject(edited)
  })

  it.each(OTHERS)('is shown by %s what somebody else made of the film', async (mutation) => {
    const { id } = await by.create({ type: 'TV_SHOW' })
    const current = await by.edit('updateFilm', { id, version: 1, input: { ageRating: 18 } })
    for (const version of [1, 3]) {
      const answer = await by.mutate(mutation, { id, version, ...EDITS[mutation] })
      expect(expectData(answer).result).toEqual({
        __typename: 'FilmConflict',
        message: 'It was edited by somebody else meanwhile; look at it again.',
        current,
      })
    }
    expect(await by.read(id)).toEqual(current)
  })
})

describe('editors who save the same version at the same time', () => {
  it('are told, all but one', async () => {
    const { id, version } = await by.create()
    const save = (ageRating: number) =>
      by.mutate('updateFilm', { id, version, input: { ageRating } })
    const answers = await Promise.all([save(16), save(18)])
    const results = answers.map((answer) => expectData(answer).result)
    const winner = results.find((it) => it.__typename === 'Film')
    const loser = results.find((it) => it.__typename === 'FilmConflict')
    expect(winner).toMatchObject({ version: 2 })
    expect(loser).toMatchObject({ current: winner })
  })

  it('count: fifty saves, each of what was seen last, are as many versions, entries and events', async () => {
    const { id } = await by.create()
    let saved = 0
    const saveOnce = async (index: number): Promise<void> => {
      const seen = (await by.read(id))!.version
      const input = { runtimeMinutes: index + 1 }
      const answer = await by.mutate('updateFilm', { id, version: seen, input })
      if (expectData(answer).result.__typename === 'Film') saved++
    }
    await Promise.all(Array.from({ length: 50 }, (_, index) => saveOnce(index)))
    expect(saved).toBeGreaterThan(0)
    const { audit, events } = await by.traces(id)
    const versions = Array.from({ length: saved + 1 }, (_, index) => index + 1)
    expect(audit.map((it) => it.version)).toEqual(versions)
    expect(events.map((it) => (it as { version: number }).version)).toEqual(versions)
    expect((await by.read(id))!.version).toBe(saved + 1)
  })
})
