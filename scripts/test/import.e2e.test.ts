import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkpointFile } from '../src/catalogue/exchange/checkpoint.js'
import { identify } from '../src/catalogue/exchange/identify.js'
import { film, genre, ndjson, openCatalogue, person, temporaryFolder } from './exchange.js'

const messages = ({ refusals }: { refusals: readonly { problems: readonly Problem[] }[] }) =>
  refusals.flatMap(({ problems }) => problems.map(({ field, message }) => `${field}: ${message}`))
interface Problem {
  readonly field: string
  readonly message: string
}

test('what is imported is told to search and to editors, once', async () => {
  const { prisma, bring } = await openCatalogue()
  const file = ndjson(
    film('m', { genres: ['noir'], credits: [{ person: 'lang', role: 'DIRECTOR' }] }),
    person('lang'),
    genre('noir'),
  )
  const created = { created: 1, changed: 0, unchanged: 0, refused: 0 }
  expect(await bring(file)).toMatchObject({
    counts: { genre: created, person: created, film: created },
    finished: true,
    refusals: [],
  })
  const unchanged = { created: 0, changed: 0, unchanged: 1, refused: 0 }
  expect(await bring(file)).toMatchObject({
    counts: { genre: unchanged, person: unchanged, film: unchanged },
  })
  const events = await prisma.outboxRow.findMany({ orderBy: { id: 'asc' } })
  expect(events.map(({ headers, topic }) => [topic, (headers as { event: string }).event])).toEqual(
    ['genre.changed.v1', 'person.changed.v1', 'film.linked.v1', 'film.changed.v1'].map((it) => [
      'domain-events',
      it,
    ]),
  )
  expect(await prisma.filmAudit.count()).toBe(1)
  const entries = await prisma.peopleAudit.findMany({ orderBy: { kind: 'asc' } })
  expect(entries.map(({ kind, version }) => [kind, version])).toEqual([
    ...[
      ['PERSON', 1],
      ['GENRE', 1],
      ['FILM_LINKS', 1],
    ],
  ])
})

test('a dry run says what would happen, and leaves every table as it is', async () => {
  const { bring, rows } = await openCatalogue()
  await bring(ndjson(genre('noir'), person('lang'), film('m'), film('metropolis')))
  const before = await rows()
  const file = ndjson(
    // names who comes later in the file, and who would be made
    film('m', { credits: [{ person: 'lorre', role: 'ACTOR' }], genres: ['war'] }),
    film('fury', { credits: [{ person: 'tracy', name: { en: 'Spencer Tracy' }, role: 'ACTOR' }] }),
    film('test-pilot', { credits: [{ person: 'tracy', role: 'ACTOR' }] }),
    film('metropolis'),
    film('liliom', { credits: [{ person: 'nobody', role: 'ACTOR' }] }),
    genre('war'),
    genre('noir', { name: { ru: 'Нуар' } }),
    ...[person('lorre'), person('lang'), { kind: 'prop' }],
  )
  const told = await bring(file, { dryRun: true })
  expect(await rows()).toEqual(before)
  expect(told).toMatchObject({
    counts: {
      genre: { created: 1, changed: 1, unchanged: 0, refused: 0 },
      person: { created: 2, changed: 0, unchanged: 1, refused: 0 },
      film: { created: 2, changed: 1, unchanged: 1, refused: 1 },
    },
    unreadable: 1,
  })
  expect(await bring(file)).toEqual(told)
})

test('a film is found by any external id before its slug, and may get another slug', async () => {
  const { prisma, bring } = await openCatalogue()
  await bring(ndjson(film('m', { externalIds: { imdb: 'tt0022100', tmdb: '832' } }), film('fury')))
  const { id } = await prisma.film.findUniqueOrThrow({ where: { slug: 'm' } })
  await bring(
    ndjson(
      { kind: 'film', externalIds: { tmdb: '832' }, slug: 'm-1931', ageRating: 16 },
      { kind: 'film', slug: 'fury', ageRating: 18 },
    ),
  )
  expect(await prisma.film.findUniqueOrThrow({ where: { slug: 'm-1931' } })).toMatchObject({
    ...{ id, ageRating: 16, version: 2, originalTitle: 'm' },
  })
  expect(await prisma.filmExternalId.findMany()).toMatchObject([{ source: 'tmdb', value: '832' }])
  expect(await prisma.film.findUniqueOrThrow({ where: { slug: 'fury' } })).toMatchObject({
    ...{ version: 2, ageRating: 18 },
  })
})

test('the slug of who was merged leads to who stays, who keeps their own', async () => {
  const { prisma, bring } = await openCatalogue()
  await bring(ndjson(person('lang')))
  const { id } = await prisma.person.findUniqueOrThrow({ where: { slug: 'lang' } })
  const redirect = { id: randomUUID(), slug: 'f-lang', personId: id }
  await prisma.personRedirect.create({ data: redirect })
  await bring(
    ndjson(
      person('f-lang', { birthDate: '1890-12-05' }),
      film('m', { credits: [{ person: 'f-lang', role: 'DIRECTOR' }] }),
    ),
  )
  expect(await prisma.person.findMany()).toMatchObject([{ id, slug: 'lang', version: 2 }])
  expect(await prisma.credit.findMany()).toMatchObject([{ personId: id }])
  const twice = await bring(ndjson(person('lang'), person('f-lang')))
  expect(messages(twice)).toEqual(['slug: repeats line 1'])
})

describe('a row is refused, and the others go in,', () => {
  const stored = ndjson(
    film('one', { externalIds: { imdb: 'tt1' } }),
    film('two', { externalIds: { imdb: 'tt2' } }),
    genre('noir'),
  )
  test.each([
    [
      'whose slug and external ids are of different films',
      [film('one', { externalIds: { imdb: 'tt2' } })],
      ['slug: slug and external ids are of different films: one, two'],
    ],
    ['that repeats a slug', [film('new'), film('new', { ageRating: 0 })], ['slug: repeats line 1']],
    [
      'that repeats an external id',
      [film('new', { externalIds: { tmdb: '7' } }), film('newer', { externalIds: { tmdb: '7' } })],
      ['slug: repeats line 1'],
    ],
    [
      'that is of a film which an earlier row found by another name',
      [{ kind: 'film', externalIds: { imdb: 'tt1' }, slug: 'renamed' }, film('one')],
      ['slug: repeats line 1'],
    ],
    [
      'that names somebody or a genre that is not there',
      [film('new', { genres: ['noir', 'war'], credits: [{ person: 'nobody', role: 'ACTOR' }] })],
      ['genres.1: there is no war', 'credits.0.person: there is no nobody'],
    ],
    [
      'whose times no database takes',
      ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-12:00'].map((publishAt, index) =>
        film(`new-${index}`, { status: 'SCHEDULED', publishAt }),
      ),
      [0, 1].map(() => 'publishAt: must be a time from 1970 to 2100'),
    ],
    [
      'that lacks what a new film needs',
      [{ kind: 'film', slug: 'new', title: { en: 'New' } }],
      ['type', 'originalTitle', 'originalLanguage', 'ageRating'].map(
        (field) => `${field}: is required of a new film`,
      ),
    ],
    [
      'that contradicts what is there',
      [{ kind: 'film', slug: 'one', hiddenWithoutRole: true }],
      ['hiddenWithoutRole: needs a requiredRole'],
    ],
    ['of no kind', [{ kind: 'prop' }], ['kind: must be genre, person or film']],
    ['that is no object', ['film'], [': must be a JSON object in one line']],
    [
      'that has neither a slug nor an external id',
      [{ kind: 'film', ageRating: 0 }],
      ['slug: is required where there is no external id'],
    ],
  ])('%s', async (_, records, problems) => {
    const { bring, prisma } = await openCatalogue()
    await bring(stored)
    const other = ndjson(film('other'))
    const told = await bring(ndjson(...(records as object[])) + other)
    expect(messages(told)).toEqual(problems)
    expect(await prisma.film.count({ where: { slug: 'other' } })).toBe(1)
  })

  test('that is nested deeper than any stack', async () => {
    const { bring, prisma } = await openCatalogue()
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const { refusals } = await bring(
      `{"kind":"film","externalIds":${deep}}\n${ndjson(film('other'))}`,
    )
    expect(refusals).toMatchObject([{ line: 1, kind: 'film', key: null }])
    expect(await prisma.film.count({ where: { slug: 'other' } })).toBe(1)
  })

  test('that is of a film which was deleted', async () => {
    const { bring, prisma } = await openCatalogue()
    await bring(stored)
    await prisma.film.update({ where: { slug: 'one' }, data: { deletedAt: new Date() } })
    const told = await bring(ndjson(film('one')))
    expect(messages(told)).toEqual(['slug: is of a film that was deleted'])
  })

  test('and the report says which it was', async () => {
    const { bring } = await openCatalogue()
    const { refusals, unreadable } = await bring(
      `${ndjson(person('ok'))}\nnothing\n${ndjson({ ...film('x'), slug: undefined, externalIds: { imdb: 'tt1' }, ageRating: 99 })}`,
    )
    expect(refusals).toEqual([
      {
        ...{ line: 3, kind: null, key: null },
        problems: [{ field: '', message: 'must be a JSON object in one line' }],
      },
      {
        ...{ line: 4, kind: 'film', key: '{"imdb":"tt1"}' },
        problems: [{ field: 'ageRating', message: 'must be a whole number from 0 to 21' }],
      },
    ])
    expect(unreadable).toBe(1)
  })
})

test('a credit that tells a name makes the person, but not for a film that is refused', async () => {
  const { bring, prisma } = await openCatalogue()
  const credit = (slug: string) => ({ person: slug, name: { en: `Who is ${slug}` }, role: 'ACTOR' })
  const { counts } = await bring(
    ndjson(
      film('one', { credits: [credit('kept'), credit('kept')] }),
      film('two', { credits: [credit('kept')] }),
      film('bad', { credits: [credit('lost')], hiddenWithoutRole: true }),
    ),
  )
  expect(counts.person.created).toBe(1)
  expect(
    await prisma.person.findMany({ select: { slug: true, version: true, translations: true } }),
  ).toMatchObject([{ slug: 'kept', version: 1, translations: [{ name: 'Who is kept' }] }])
  expect(await prisma.credit.count()).toBe(3)
})

test('what a row does not name stays, null takes away, and an empty cell does', async () => {
  const { bring, told } = await openCatalogue()
  await bring(
    ndjson(
      film('m', {
        ...{ description: { en: 'A city hunts.' }, countries: ['DE'], runtimeMinutes: 117 },
        ...{ releaseDate: '1931-05-11', status: 'PUBLISHED', tagline: { en: 'M' } },
      }),
    ),
  )
  const read = async () => JSON.parse(await told()) as object
  await bring(ndjson({ kind: 'film', slug: 'm', description: null, runtimeMinutes: null }))
  expect(await read()).toMatchObject({
    ...{ description: { en: null, ru: null }, runtimeMinutes: null },
    ...{ countries: ['DE'], releaseYear: 1931, status: 'PUBLISHED', ageRating: 12 },
  })
  await bring('kind,slug,title.ru,tagline.en,countries,ageRating,status\nfilm,m,М,,,,\n', {
    format: 'csv',
  })
  expect(await read()).toMatchObject({
    ...{ title: { en: 'm', ru: 'М' }, tagline: { en: null }, countries: [] },
    ...{ releaseYear: 1931, status: 'PUBLISHED', ageRating: 12 },
  })
})

test('a thousand films over what is there change nothing but what differs', async () => {
  const { bring, prisma } = await openCatalogue()
  const films = (rating: (index: number) => number) =>
    ndjson(
      ...Array.from({ length: 2_100 }, (_, index) =>
        film(`film-${index}`, { externalRating: rating(index) }),
      ),
    )
  await bring(films(() => 5))
  const { counts } = await bring(films((index) => (index % 700 === 0 ? 6 : 5)))
  expect(counts.film).toEqual({ created: 0, changed: 3, unchanged: 2_097, refused: 0 })
  expect(await prisma.film.count({ where: { version: 2 } })).toBe(3)
  expect(await prisma.filmAudit.count()).toBe(2_103)
  expect(await prisma.outboxRow.count()).toBe(2_103)
})

describe('an import that is interrupted', () => {
  const rows = ndjson(
    ...Array.from({ length: 2_100 }, (_, index) =>
      // every hundredth is wrong
      film(`film-${index}`, { ageRating: index % 100 === 0 ? 99 : 16 }),
    ),
  )

  test('ends after its batch, goes on from there, and tells of every row once', async () => {
    const { bring, prisma } = await openCatalogue()
    const checkpoints = checkpointFile(path.join(await temporaryFolder(), 'noted.json'))
    const interrupted = await bring(rows, { checkpoints, signal: AbortSignal.abort() })
    expect(interrupted).toMatchObject({ finished: false, counts: { film: { created: 990 } } })
    expect(interrupted.refusals).toHaveLength(10)
    const later = await bring(rows, { checkpoints })
    expect(later).toMatchObject({
      finished: true,
      refusals: Array.from({ length: 21 }, (_, index) => ({ line: 100 * index + 1 })),
      counts: { film: { created: 2_079, changed: 0, unchanged: 0, refused: 21 } },
    })
    expect(await prisma.filmAudit.count()).toBe(2_079)
    expect(await checkpoints.load('this')).toBeUndefined()
  })

  test('still knows what stood before', async () => {
    const { bring } = await openCatalogue()
    const checkpoints = checkpointFile(path.join(await temporaryFolder(), 'noted.json'))
    const file = rows + ndjson(film('film-1'))
    await bring(file, { checkpoints, signal: AbortSignal.abort() })
    expect(messages(await bring(file, { checkpoints }))).toContain('slug: repeats line 2')
  })

  test('begins anew with another file, and in another database', async () => {
    const [one, other] = [await openCatalogue(), await openCatalogue()]
    const file = path.join(await temporaryFolder(), 'file')
    await writeFile(file, rows)
    const identity = await identify(one.postgres, file)
    expect(await identify(one.postgres, file)).toBe(identity)
    expect(await identify(other.postgres, file)).not.toBe(identity)
    await writeFile(file, rows.replace('film-2099', 'film-2999'))
    expect(await identify(one.postgres, file)).not.toBe(identity)
    const checkpoints = checkpointFile(path.join(await temporaryFolder(), 'noted.json'))
    await one.bring(rows, { checkpoints, signal: AbortSignal.abort() })
    const { counts } = await other.bring(rows, { checkpoints, identity: 'another' })
    expect(counts.film.created).toBe(2_079)
  })
})
