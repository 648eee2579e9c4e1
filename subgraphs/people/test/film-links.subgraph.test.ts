import { randomUUID } from 'node:crypto'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CreditInput, editingOf, editor, named, STRANGERS } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
let drama: string
let war: string
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
  drama = await people.seed.genre({ slug: 'drama', name: { en: 'Drama' } })
  war = await people.seed.genre({ slug: 'war', name: { en: 'War' } })
})
beforeEach(() => editing.announced())

const persons = (count: number) =>
  Promise.all(Array.from({ length: count }, () => people.seed.person()))
const actor = (personId: string, character?: string): CreditInput => ({
  ...{ personId, role: 'ACTOR' },
  ...(character !== undefined && { character }),
})
const shown = (credits: readonly CreditInput[]) =>
  credits.map((it) => ({ ...it, character: it.character ?? null }))

describe('setFilmLinks', () => {
  it('sets genres and credits in the order given', async () => {
    const filmId = await people.seed.knownFilm()
    const [lang, helm] = await persons(2)
    const credits = [
      { personId: lang!, role: 'DIRECTOR' },
      actor(helm!, ' Maria '),
      actor(helm!, 'Robot'),
    ]
    const input = { genreIds: [war, drama], credits }
    const set = await editing.setFilmLinks.done({ filmId, version: 0, input })
    expect(set).toEqual({
      ...{ version: 1, film: { id: filmId }, genreIds: [war, drama] },
      credits: await editing.creditsOf(filmId),
    })
    expect(await editing.genresOf(filmId)).toEqual([war, drama])
    expect(set.credits).toMatchObject([
      { personId: lang, role: 'DIRECTOR', character: null },
      { personId: helm, role: 'ACTOR', character: 'Maria' },
      { personId: helm, role: 'ACTOR', character: 'Robot' },
    ])
    expect(await editing.announced()).toEqual([
      { event: 'film.linked.v1', filmId, links: ['CREDITS', 'GENRES'] },
    ])
    const { node } = (await editing.history('Film', filmId)).edges[0]!
    expect(node).toMatchObject({ version: 1, action: 'EDITED', by: { id: editor.id } })
    expect(node.changes).toContainEqual({
      ...{ field: `credits.${helm}.ACTOR`, before: null, after: '["Maria","Robot"]' },
    })
  })

  it('keeps all directors, however many there are', async () => {
    const filmId = await people.seed.knownFilm()
    const directors = await persons(4)
    const credits = directors.map((personId) => ({ personId, role: 'DIRECTOR' }))
    await editing.setFilmLinks.done({ filmId, version: 0, input: { credits } })
    const query = `query ($films: [_Any!]!) {
      _entities(representations: $films) { ... on Film { directors { id } } }
    }`
    const films = [{ __typename: 'Film', id: filmId, visible: true }]
    const answer = await execute(people.subgraph, { query, variables: { films } })
    expect(expectData(answer)).toEqual({
      _entities: [{ directors: directors.map((id) => ({ id })) }],
    })
  })

  it('leaves the rest of the cast as it was when one credit is edited, ids too', async () => {
    const filmId = await people.seed.knownFilm()
    const cast = (await persons(6)).map((id, index) => actor(id, `Role ${index}`))
    await editing.setFilmLinks.done({ filmId, version: 0, input: { credits: cast } })
    const before = await editing.creditsOf(filmId)
    const edited = cast.map((it, index) => (index === 2 ? { ...it, character: 'Other' } : it))
    await editing.setFilmLinks.done({ filmId, version: 1, input: { credits: edited } })
    const after = await editing.creditsOf(filmId)
    expect(after).toMatchObject(shown(edited))
    const others = (credits: typeof after) => credits.filter((_, index) => index !== 2)
    expect(others(after)).toEqual(others(before))
    expect(after[2]!.id).not.toBe(before[2]!.id)
  })

  it('leaves the cast as it was when one of its actors is edited', async () => {
    const filmId = await people.seed.knownFilm()
    const cast = (await persons(3)).map((id) => actor(id))
    await editing.setFilmLinks.done({ filmId, version: 0, input: { credits: cast } })
    const before = await editing.creditsOf(filmId)
    const { personId: id } = cast[1]!
    await editing.updatePerson.done({ id, version: 1, input: named('Renamed') })
    expect(await editing.creditsOf(filmId)).toEqual(before)
  })

  it('lets a list stay that is absent, and empties one that is null', async () => {
    const filmId = await people.seed.knownFilm()
    const credits = (await persons(2)).map((id) => actor(id))
    await editing.setFilmLinks.done({ filmId, version: 0, input: { genreIds: [drama], credits } })
    const before = await editing.creditsOf(filmId)
    await editing.setFilmLinks.done({ filmId, version: 1, input: { genreIds: [war, drama] } })
    expect(await editing.creditsOf(filmId)).toEqual(before)
    await editing.announced()
    const input = { credits: null }
    await editing.setFilmLinks.done({ filmId, version: 2, input })
    expect(await editing.creditsOf(filmId)).toEqual([])
    expect(await editing.genresOf(filmId)).toEqual([war, drama])
    expect(await editing.announced()).toEqual([
      { event: 'film.linked.v1', filmId, links: ['CREDITS'] },
    ])
  })

  it('keeps ids also in another order', async () => {
    const filmId = await people.seed.knownFilm()
    const credits = (await persons(3)).map((id) => actor(id))
    await editing.setFilmLinks.done({ filmId, version: 0, input: { credits } })
    const before = await editing.creditsOf(filmId)
    const input = { credits: credits.toReversed() }
    await editing.setFilmLinks.done({ filmId, version: 1, input })
    expect(await editing.creditsOf(filmId)).toEqual(before.toReversed())
    const { node } = (await editing.history('Film', filmId)).edges[0]!
    expect(node.changes.map(({ field }) => field)).toEqual(['creditOrder'])
  })

  it('changes nothing when nothing differs', async () => {
    const filmId = await people.seed.knownFilm()
    const credits = (await persons(2)).map((id) => actor(id, 'A part'))
    const input = { genreIds: [drama], credits }
    await editing.setFilmLinks.done({ filmId, version: 0, input })
    await editing.announced()
    const again = await editing.setFilmLinks.done({ filmId, version: 1, input })
    expect(again).toMatchObject({ version: 1 })
    const empty = await editing.setFilmLinks.done({ filmId, version: 1, input: {} })
    expect(empty).toMatchObject({ version: 1 })
    expect((await editing.history('Film', filmId)).totalCount).toBe(1)
    expect(await editing.announced()).toEqual([])
  })

  it('takes 3,000 credits', async () => {
    const filmId = await people.seed.knownFilm()
    const [id] = await persons(1)
    const cast = (count: number) =>
      Array.from({ length: count }, (_, it) => actor(id!, `No. ${it}`))
    const queries = people.countQueries()
    await editing.setFilmLinks.done({ filmId, version: 0, input: { credits: cast(3_000) } })
    expect(queries()).toBeLessThan(20)
    expect(await editing.creditsOf(filmId)).toMatchObject(shown(cast(3_000)))
    const input = { credits: cast(3_001) }
    expect(await editing.setFilmLinks.refused({ filmId, version: 1, input })).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', message: 'input.credits: must have at most 3000 credits' },
    })
  })

  it('answers an old version with the state of now, also when what it names is gone', async () => {
    const filmId = await people.seed.knownFilm()
    const [id] = await persons(1)
    const input = { genreIds: [drama], credits: [actor(id!)] }
    await editing.setFilmLinks.done({ filmId, version: 0, input })
    await editing.deletePerson.done({ id: id!, version: 1, force: true })
    const late = await editing.setFilmLinks.done({ filmId, version: 1, input })
    expect(late).toEqual({
      message: expect.any(String) as string,
      current: { version: 2, film: { id: filmId }, genreIds: [drama], credits: [] },
    })
    expect(await editing.creditsOf(filmId)).toEqual([])
  })

  it('lets exactly one of thirty win each version, with all that it sets', async () => {
    const filmId = await people.seed.knownFilm()
    const cast = await persons(30)
    const inputs = cast.map((id, index) => ({
      genreIds: index % 2 === 0 ? [drama, war] : [war, drama],
      credits: [actor(id, 'First'), actor(id, 'Second'), actor(cast[(index + 1) % 30]!)],
    }))
    for (const version of [0, 1]) {
      const results = await Promise.all(
        inputs.map((input) => editing.setFilmLinks.done({ filmId, version, input })),
      )
      // who asks for what is there already wins too, and changes nothing
      const won = results.flatMap((it, index) => (it.version === version + 1 ? [index] : []))
      expect(won).toHaveLength(1)
      const { genreIds, credits } = inputs[won[0]!]!
      expect(await editing.genresOf(filmId)).toEqual(genreIds)
      expect(await editing.creditsOf(filmId)).toMatchObject(shown(credits))
    }
    expect(await editing.announced()).toHaveLength(2)
    expect((await editing.history('Film', filmId)).totalCount).toBe(2)
  })
})

describe('setFilmLinks refuses', () => {
  it.each([
    ['a film that films does not know', randomUUID()],
    ['what is no id', 'metropolis'],
  ])('%s', async (_, filmId) => {
    const input = { genreIds: [drama] }
    expect(await editing.setFilmLinks.refused({ filmId, version: 0, input })).toMatchObject({
      ...{ code: 'NOT_FOUND', argument: ['filmId'] },
    })
    expect(await editing.announced()).toEqual([])
  })

  it('a film that was deleted', async () => {
    const filmId = await people.seed.knownFilm()
    const deletedAt = new Date()
    await people.postgres.prisma.film.update({ where: { id: filmId }, data: { deletedAt } })
    const input = { genreIds: [drama] }
    expect(await editing.setFilmLinks.refused({ filmId, version: 0, input })).toMatchObject({
      ...{ code: 'NOT_FOUND' },
    })
  })

  it('unknown persons and genres, and says where they stand, changing nothing', async () => {
    const filmId = await people.seed.knownFilm()
    const [id] = await persons(1)
    const credits = [actor(id!), actor(randomUUID()), actor('nobody')]
    for (const [input, message] of [
      [
        { genreIds: [drama], credits: credits.slice(0, 2) },
        'credits.1.personId: there is no such person',
      ],
      [{ genreIds: [drama], credits }, 'credits.2.personId: there is no such person'],
      [{ genreIds: [drama, randomUUID()] }, 'genreIds.1: there is no such genre'],
    ] as const) {
      expect(await editing.setFilmLinks.refused({ filmId, version: 0, input })).toMatchObject({
        ...{ code: 'BAD_USER_INPUT', message: `input.${message}` },
      })
    }
    expect(await editing.genresOf(filmId)).toEqual([])
    expect(await editing.announced()).toEqual([])
    const audit = await people.postgres.prisma.peopleAudit.count({ where: { id: filmId } })
    expect(audit).toBe(0)
  })

  it('the same twice, and characters of who is no actor', async () => {
    const filmId = await people.seed.knownFilm()
    const [id] = await persons(1)
    const refusal = async (input: object) =>
      (await editing.setFilmLinks.refused({ filmId, version: 0, input })).message
    const same = [actor(id!, 'Maria'), actor(id!, 'Robot'), actor(id!.toUpperCase(), 'Maria ')]
    expect(await refusal({ credits: same })).toBe('input.credits.2: repeats number 0')
    expect(await refusal({ credits: [actor(id!), actor(id!)] })).toBe(
      'input.credits.1: repeats number 0',
    )
    expect(await refusal({ genreIds: [drama, drama] })).toBe('input.genreIds.1: repeats number 0')
    const director = { personId: id!, role: 'DIRECTOR', character: 'Himself' }
    expect(await refusal({ credits: [director] })).toBe(
      'input.credits.0.character: must be left out: only an actor plays one',
    )
    const long = actor(id!, 'x'.repeat(201))
    expect(await refusal({ credits: [long] })).toBe(
      'input.credits.0.character: must have at most 200 characters',
    )
    const genreIds = Array.from({ length: 21 }, () => randomUUID())
    expect(await refusal({ genreIds })).toBe('input.genreIds: must have at most 20 genres')
  })

  it.each([
    ...STRANGERS,
    ['who may edit persons alone', asUser({ permissions: ['people:write'] }), 'FORBIDDEN'] as const,
  ])('who is %s', async (_, viewer, code) => {
    const filmId = await people.seed.knownFilm()
    const as = editingOf(people, viewer)
    const input = { genreIds: [drama] }
    expect(await as.setFilmLinks.refused({ filmId, version: 0, input })).toMatchObject({ code })
    expect(await editing.genresOf(filmId)).toEqual([])
  })
})

describe('what editors see of a film', () => {
  const query = `query ($films: [_Any!]!) {
    _entities(representations: $films) {
      ... on Film {
        links { version genreIds credits { personId role character person { id } } film { id } }
        linksHistory { totalCount }
      }
    }
  }`
  const ask = (films: readonly object[], as = editor) => {
    const variables = { films: films.map((it) => ({ __typename: 'Film', ...it })) }
    return execute(people.subgraph, { query, variables, as })
  }

  it('is all that it is linked to, how often that was set, and by whom, if they may see it', async () => {
    const [filmId, other] = [await people.seed.knownFilm(), await people.seed.knownFilm()]
    // more than a page of `credits` holds
    const cast = Array.from({ length: 120 }, (_, index) => `Role ${index}`)
    const [id] = await persons(1)
    const credits = cast.map((character) => actor(id!, character))
    const input = { genreIds: [war, drama], credits }
    await editing.setFilmLinks.done({ filmId, version: 0, input })
    const films = [
      { id: filmId, visible: true },
      { id: other, visible: true },
      { id: filmId, visible: false },
      { id: filmId },
    ]
    const hidden = { links: null, linksHistory: null }
    expect(expectData(await ask(films))).toEqual({
      _entities: [
        {
          links: {
            ...{ version: 1, genreIds: [war, drama], film: { id: filmId } },
            credits: credits.map((it) => ({ ...it, person: { id } })),
          },
          linksHistory: { totalCount: 1 },
        },
        {
          links: { version: 0, genreIds: [], credits: [], film: { id: other } },
          linksHistory: { totalCount: 0 },
        },
        hidden,
        hidden,
      ],
    })
  })

  it('is of one moment, also for many films: one statement reads the versions and the lists', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => people.seed.knownFilm()))
    const asked = `query ($films: [_Any!]!) {
      _entities(representations: $films) { ... on Film { links { version genreIds credits { id } } } }
    }`
    const films = ids.map((id) => ({ __typename: 'Film', id, visible: true }))
    const queries = people.countQueries()
    const variables = { films }
    expectData(await execute(people.subgraph, { query: asked, variables, as: editor }))
    expect(queries()).toBe(1)
  })

  it('is for nobody else', async () => {
    const filmId = await people.seed.knownFilm()
    const { data, errors } = await ask([{ id: filmId, visible: true }], asUser())
    expect(data).toEqual({ _entities: [{ links: null, linksHistory: null }] })
    expect(errors?.map((it) => it.extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  })
})
