import { randomUUID } from 'node:crypto'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { editingOf, editor, named, STRANGERS } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
})
beforeEach(() => editing.announced())

const NAMES = { en: { name: 'Fritz Lang' }, ru: { name: 'Фриц Ланг' } }

const read = async (id: string) => {
  const query = `query ($id: ID!) {
    person(id: $id) {
      slug birthDate deathDate version en: name ru: name(language: RU)
      biography biographyRu: biography(language: RU)
    }
  }`
  const answer = await execute<{ person: Record<string, unknown> | null }>(people.subgraph, {
    ...{ query, variables: { id }, as: editor },
  })
  return expectData(answer).person
}

describe('createPerson', () => {
  it('makes a person with all that was given', async () => {
    const { id } = await editing.createPerson.done({
      input: {
        ...{
          slug: 'fritz',
          translations: { ...NAMES, ru: { ...NAMES.ru, biography: 'Режиссёр.' } },
        },
        ...{ birthDate: '1890-12-05', deathDate: '1976-08-02' },
      },
    })
    expect(await read(id)).toEqual({
      ...{ slug: 'fritz', en: 'Fritz Lang', ru: 'Фриц Ланг', version: 1 },
      ...{ birthDate: '1890-12-05', deathDate: '1976-08-02' },
      ...{ biography: 'Режиссёр.', biographyRu: 'Режиссёр.' },
    })
    expect(await editing.announced()).toEqual([
      { event: 'person.changed.v1', personId: id, version: 1, change: 'CREATED' },
    ])
    expect((await editing.history('Person', id)).edges[0]!.node).toMatchObject({
      ...{ version: 1, action: 'CREATED', by: { id: editor.id } },
      changes: expect.arrayContaining([
        { field: 'name.en', before: null, after: '"Fritz Lang"' },
      ]) as unknown,
    })
  })

  it('makes the slug of the name, and of the next one of that name too', async () => {
    const make = async (input: object) => (await editing.createPerson.done({ input })).slug
    expect(await make(named('Thea von Harbou'))).toBe('thea-von-harbou')
    expect(await make({ ...named('Thea von Harbou'), slug: null })).toBe('thea-von-harbou-2')
    const ru = { name: 'Тея фон Харбоу' }
    expect(await make({ translations: { ru } })).toBe('teya-fon-kharbou')
    expect(await make(named('黒澤明'))).toBe('person')
  })

  it('gives each of many of one name, made at once, a slug of its own', async () => {
    const input = named('John Smith')
    const made = await Promise.all(
      Array.from({ length: 12 }, () => editing.createPerson.done({ input })),
    )
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(12)
  })

  it('refuses a slug that another has', async () => {
    await people.seed.person({ slug: 'taken' })
    expect(
      await editing.createPerson.refused({ input: { slug: 'taken', translations: NAMES } }),
    ).toMatchObject({
      ...{ code: 'CONFLICT', message: 'The slug taken is taken.', argument: ['input', 'slug'] },
    })
  })

  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  it.each([
    {
      given: { translations: { en: null } },
      message: 'input.translations: must have a name in at least one language',
    },
    { given: named('  '), message: 'input.translations.en.name: must not be empty' },
    {
      given: named('x'.repeat(201)),
      message: 'input.translations.en.name: must have at most 200 characters',
    },
    {
      given: named('a\nb'),
      message: 'input.translations.en.name: may not hold control characters',
    },
    {
      given: { translations: { en: { name: 'A', biography: 'x'.repeat(10_001) } } },
      message: 'input.translations.en.biography: must have at most 10000 characters',
    },
    {
      given: { translations: { en: { name: 'A' }, ru: { name: null, biography: 'Текст.' } } },
      message: 'input.translations.ru: needs a name in the same language',
    },
    {
      given: { birthDate: '1699-12-31' },
      message: 'input.birthDate: must be a day between 1700-01-01 and today',
    },
    {
      given: { deathDate: tomorrow },
      message: 'input.deathDate: must be a day between 1700-01-01 and today',
    },
    {
      given: { birthDate: '1900-01-02', deathDate: '1900-01-01' },
      message: 'input.deathDate: must not be before the day of birth, 1900-01-02',
    },
    {
      given: { slug: 'No Slug' },
      message:
        'input.slug: must be lower-case Latin letters and digits, with hyphens between words',
    },
  ])('refuses input of which is to be said: $message', async ({ given, message }) => {
    const input = { translations: NAMES, ...given }
    expect(await editing.createPerson.refused({ input })).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', message },
    })
    expect(await editing.announced()).toEqual([])
  })

  it('names every field that is wrong', async () => {
    const input = { slug: '!', translations: { ru: { name: '' } }, birthDate: '1600-01-01' }
    const { problems } = await editing.createPerson.refused({ input })
    expect(problems?.map(({ argument }) => argument.join('.'))).toEqual([
      'input.slug',
      'input.translations.ru.name',
      'input.birthDate',
    ])
  })
})

describe('updatePerson', () => {
  const made = (given: object = {}) =>
    editing.createPerson.done({
      input: {
        translations: {
          en: { ...NAMES.en, biography: 'A life.' },
          ru: { ...NAMES.ru, biography: 'Жизнь.' },
        },
        ...given,
      },
    })

  it('changes what is given and leaves the rest', async () => {
    const { id, slug } = await made({ birthDate: '1890-12-05' })
    await editing.announced()
    const input = { translations: { en: { biography: 'Another life.' } } }
    const edited = await editing.updatePerson.done({ id, version: 1, input })
    expect(edited).toMatchObject({ id, slug, version: 2 })
    expect(await read(id)).toMatchObject({
      ...{ en: 'Fritz Lang', ru: 'Фриц Ланг', birthDate: '1890-12-05', version: 2 },
      ...{ biography: 'Another life.', biographyRu: 'Жизнь.' },
    })
    expect(await editing.announced()).toEqual([
      { event: 'person.changed.v1', personId: id, version: 2, change: 'EDITED' },
    ])
  })

  it('clears with null, and takes a biography with its language', async () => {
    const { id } = await made({ birthDate: '1890-12-05' })
    const input = { translations: { ru: null }, birthDate: null }
    await editing.updatePerson.done({ id, version: 1, input })
    expect(await read(id)).toMatchObject({
      ...{ en: 'Fritz Lang', ru: 'Fritz Lang', birthDate: null, biographyRu: 'A life.' },
    })
    const cleared = { translations: { en: { biography: null } } }
    await editing.updatePerson.done({ id, version: 2, input: cleared })
    expect(await read(id)).toMatchObject({ biography: null })
  })

  it.each([{ en: { name: 'Friedrich Lang' } }, { ru: null }])(
    'tells all films of another name, also in one language: %j',
    async (translations) => {
      const { id } = await made()
      await editing.announced()
      await editing.updatePerson.done({ id, version: 1, input: { translations } })
      expect(await editing.announced()).toMatchObject([{ change: 'RENAMED' }])
    },
  )

  it('keeps a name', async () => {
    const { id } = await made()
    const input = { translations: { en: null, ru: null } }
    expect(await editing.updatePerson.refused({ id, version: 1, input })).toMatchObject({
      message: 'input.translations: must have a name in at least one language',
    })
    expect(await read(id)).toMatchObject({ version: 1, en: 'Fritz Lang' })
  })

  it('compares a new date with the one that stays', async () => {
    const { id } = await made({ birthDate: '1890-12-05' })
    const input = { deathDate: '1880-01-01' }
    expect(await editing.updatePerson.refused({ id, version: 1, input })).toMatchObject({
      argument: ['input', 'deathDate'],
    })
  })

  it.each([
    [{ slug: null }, 'slug'],
    [{ translations: null }, 'translations'],
    [{ translations: { en: { name: null } } }, 'translations.en.name'],
  ])('does not clear what has to be there: %j', async (input, field) => {
    const { id } = await made()
    expect(await editing.updatePerson.refused({ id, version: 1, input })).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', argument: ['input', ...field.split('.')] },
      message: `input.${field}: cannot be cleared`,
    })
  })

  it('starts from the texts as they were written, in no language that nobody wrote', async () => {
    const { id } = await editing.createPerson.done({ input: named('Lang') })
    const query = `query ($id: ID!) { person(id: $id) { translations { language name biography } } }`
    const shown = async () =>
      expectData(await execute(people.subgraph, { query, variables: { id }, as: editor })).person
    const en = { language: 'EN', name: 'Lang', biography: null }
    expect(await shown()).toEqual({ translations: [en] })
    const ru = { name: 'Ланг', biography: 'Жизнь.' }
    await editing.updatePerson.done({ id, version: 1, input: { translations: { ru } } })
    expect(await shown()).toEqual({ translations: [en, { language: 'RU', ...ru }] })
  })

  it('changes nothing when nothing differs', async () => {
    const { id } = await made({ birthDate: '1890-12-05' })
    await editing.announced()
    const input = { ...named(' Fritz Lang '), birthDate: '1890-12-05' }
    const edited = await editing.updatePerson.done({ id, version: 1, input })
    expect(edited).toMatchObject({ id, version: 1 })
    expect((await editing.history('Person', id)).totalCount).toBe(1)
    expect(await editing.announced()).toEqual([])
  })

  it('answers an old version with the state of now, and changes nothing', async () => {
    const { id } = await made()
    await editing.updatePerson.done({ id, version: 1, input: named('First') })
    await editing.announced()
    const late = await editing.updatePerson.done({
      id,
      version: 1,
      input: named('Late'),
    })
    expect(late).toEqual({
      message: expect.any(String) as string,
      current: expect.objectContaining({ id, version: 2, name: 'First' }) as unknown,
    })
    expect(await editing.announced()).toEqual([])
  })

  it('lets exactly one of many win who edit one version', async () => {
    const { id } = await made()
    const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`)
    const results = await Promise.all(
      names.map((en) => editing.updatePerson.done({ id, version: 1, input: named(en) })),
    )
    const won = results.filter((it) => !it.current)
    expect(won).toHaveLength(1)
    expect(await read(id)).toMatchObject({ version: 2, en: won[0]!.name })
  })

  it('refuses a slug that another has or that leads to one, and takes a free one', async () => {
    const { id } = await made()
    const taken = await people.seed.person()
    await people.postgres.prisma.personRedirect.create({
      data: { id: randomUUID(), slug: 'leads-away', personId: taken },
    })
    for (const slug of [`person-${taken}`, 'leads-away']) {
      const refused = await editing.updatePerson.refused({ id, version: 1, input: { slug } })
      expect(refused).toMatchObject({ code: 'CONFLICT', argument: ['input', 'slug'] })
    }
    const edited = await editing.updatePerson.done({ id, version: 1, input: { slug: 'lang-f' } })
    expect(edited).toMatchObject({ slug: 'lang-f', version: 2 })
  })

  it.each([
    ['an unknown id', randomUUID()],
    ['what is no id', 'nobody'],
  ])('finds nobody by %s', async (_, id) => {
    expect(await editing.updatePerson.refused({ id, version: 1, input: {} })).toMatchObject({
      ...{ code: 'NOT_FOUND', message: 'There is no such person.', argument: ['id'] },
    })
  })
})

it('answers what was done of several edits, also when one of them was refused', async () => {
  const query = `mutation ($input: CreatePersonInput!) {
    refused: deletePerson(id: "nobody", version: 1) { __typename }
    done: createPerson(input: $input) { name }
  }`
  const variables = { input: named('Somebody') }
  const { data, errors } = await execute(people.subgraph, { query, variables, as: editor })
  expect(data).toEqual({ refused: null, done: { name: 'Somebody' } })
  expect(errors).toMatchObject([{ path: ['refused'], extensions: { code: 'NOT_FOUND' } }])
})

describe.each(STRANGERS)('who is %s', (_, viewer, code) => {
  it('may edit nothing, and sees neither versions nor histories', async () => {
    const id = await people.seed.person()
    const as = editingOf(people, viewer)
    const seen = { id, version: 1 }
    const refused = [
      await as.createPerson.refused({ input: { translations: NAMES } }),
      await as.updatePerson.refused({ ...seen, input: { translations: NAMES } }),
      await as.deletePerson.refused(seen),
      await as.mergePersons.refused({
        input: { ...seen, mergedId: randomUUID(), mergedVersion: 1 },
      }),
    ]
    expect(refused.map((it) => it.code)).toEqual([code, code, code, code])
    expect(await read(id)).toMatchObject({ version: 1 })
    expect(await editing.announced()).toEqual([])
    const query = `query ($id: ID!) { person(id: $id) { id version history { totalCount } } }`
    const { data, errors } = await execute(people.subgraph, {
      ...{ query, variables: { id }, as: viewer },
    })
    expect(data).toEqual({ person: { id, version: null, history: null } })
    expect(errors?.map((it) => it.extensions.code)).toEqual([code, code])
  })
})

describe('the history', () => {
  it('is read in pages, the newest first', async () => {
    const { id } = await editing.createPerson.done({ input: { translations: NAMES } })
    for (const version of [1, 2, 3]) {
      const input = named(`Name ${version}`)
      await editing.updatePerson.done({ id, version, input })
    }
    const first = await editing.history('Person', id, { first: 3 })
    expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } })
    const rest = await editing.history('Person', id, { after: first.pageInfo.endCursor })
    expect(rest.pageInfo.hasNextPage).toBe(false)
    const entries = [...first.edges, ...rest.edges].map(({ node }) => node)
    expect(entries.map(({ version }) => version)).toEqual([4, 3, 2, 1])
    expect(entries[0]!.changes).toEqual([
      { field: 'name.en', before: '"Name 2"', after: '"Name 3"' },
    ])
  })

  it('costs as many statements for many persons as for one', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => people.seed.person()))
    const query = `query ($persons: [_Any!]!) {
      _entities(representations: $persons) { ... on Person { history { totalCount edges { node { version } } } } }
    }`
    const cost = async (count: number) => {
      const persons = ids.slice(0, count).map((id) => ({ __typename: 'Person', id }))
      const statements = people.countStatements()
      expectData(await execute(people.subgraph, { query, variables: { persons }, as: editor }))
      return statements()
    }
    const one = await cost(1)
    expect(await cost(20)).toBe(one)
  })
})
