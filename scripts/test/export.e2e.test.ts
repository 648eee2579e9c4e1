import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_ROW_BYTES } from '../src/catalogue/exchange/row.js'
import { film, ndjson, openCatalogue } from './exchange.js'

const AWKWARD = [
  ...['"', '""', ',', ';', '|', '\\|', '\\', "'", '=1+1', '#', 'null', 'a "quoted" word'],
  ...[
    '🎬',
    '👩‍👩‍👧',
    'ё',
    'é',
    'ﬁ',
    '日本',
    '{"json":1}',
    '[]',
    'a|b,c',
    '\u00A0inner\u00A0x',
    'true',
    '0',
  ],
]
const piece = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'grapheme', maxLength: 12 }))
const cleaned = (text: string) =>
  text
    .replace(/(?!\n)[\p{Cc}\uFFFD]/gu, '')
    .trim()
    .normalize('NFC')
const lineText = fc
  .array(piece, { minLength: 1, maxLength: 4 })
  .map((pieces) => cleaned(pieces.join(' ').replaceAll('\n', ' ')) || 'x')
const proseText = fc
  .array(fc.oneof(piece, fc.constantFrom('\n', '\n\n', 'a\nb')), { minLength: 1, maxLength: 6 })
  .map((pieces) => cleaned(pieces.join('')) || 'x')

const inSome = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.record({ en: text, ru: text }),
    text.map((en) => ({ en })),
    text.map((ru) => ({ ru })),
  )
type Texts = { en?: string; ru?: string }
/** Texts in some of the languages of `first`. */
const like = (first: Texts, text: fc.Arbitrary<string>) =>
  fc.record(Object.fromEntries(Object.keys(first).map((language) => [language, fc.option(text)])))

const slugOf = (kind: string, index: number) => `${kind}-${index}`
const dateFrom = (first: string) =>
  fc
    .date({ min: new Date(first), max: new Date('2100-12-31'), noInvalidDate: true })
    .map((it) => it.toISOString().slice(0, 10))
const date = dateFrom('1870-01-01')
const minutes = fc.option(fc.integer({ min: 1, max: 1_500 }))

const named = (kind: string, more: (name: Texts) => Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .array(
      inSome(lineText).chain((name) => fc.record({ name: fc.constant(name), ...more(name) })),
      { minLength: 2, maxLength: 5 },
    )
    .map((all) => all.map((it, index) => ({ kind, slug: slugOf(kind, index), ...it })))

const titled = (more: Record<string, fc.Arbitrary<unknown>>) =>
  inSome(lineText).chain((title) =>
    fc.record({ title: fc.constant(title), description: like(title, proseText), ...more }),
  )
const numbered = (item: fc.Arbitrary<object>, max: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max }), { maxLength: 3 })
    .chain((numbers) => fc.tuple(...numbers.map((number) => item.map((it) => ({ number, ...it })))))
const seasons = numbered(
  titled({
    releaseDate: fc.option(date),
    episodes: numbered(
      titled({
        releaseDate: fc.option(date),
        runtimeMinutes: minutes,
        creditsStartSec: fc.option(fc.integer({ min: 1, max: 9_000 })),
      }),
      2_000,
    ),
  }),
  200,
)
const state = fc.oneof(
  fc.constantFrom('DRAFT', 'PUBLISHED', 'ARCHIVED').map((status) => ({ status, publishAt: null })),
  dateFrom('1970-01-02').map((day) => ({
    status: 'SCHEDULED',
    publishAt: `${day}T21:00:00.125+03:00`,
  })),
)
const access = fc.constantFrom(
  {},
  { requiredRole: 'subscriber' },
  { requiredRole: 'subscriber', hiddenWithoutRole: true },
)
const credits = fc.array(
  fc.record({
    person: fc.constantFrom(slugOf('person', 0), slugOf('person', 1)),
    role: fc.constantFrom('ACTOR', 'DIRECTOR', 'WRITER', 'PRODUCER', 'COMPOSER'),
    character: fc.option(lineText),
  }),
  { maxLength: 5 },
)

const films = fc
  .array(
    fc
      .constantFrom('MOVIE', 'TV_SHOW')
      .chain((type) =>
        inSome(lineText).chain((title) =>
          fc.record({
            type: fc.constant(type),
            title: fc.constant(title),
            description: like(title, proseText),
            tagline: like(title, lineText),
            originalTitle: lineText,
            originalLanguage: fc.constantFrom('en', 'ru', 'fr'),
            releaseDate: fc.option(date),
            runtimeMinutes: minutes,
            ageRating: fc.integer({ min: 0, max: 21 }),
            countries: fc.uniqueArray(fc.constantFrom('FR', 'SU', 'US', 'JP')),
            genres: fc.uniqueArray(fc.constantFrom(slugOf('genre', 0), slugOf('genre', 1))),
            credits,
            externalRating: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
            trailerUrl: fc.option(fc.constant('https://example.org/a,b?c="d"|e')),
            creditsStartSec: fc.option(fc.integer({ min: 1, max: 9_000 })),
            externalIds: fc.dictionary(fc.constantFrom('imdb', 'kinopoisk'), fc.uuid()),
            seasons: type === 'MOVIE' ? fc.constant([]) : seasons,
            state,
            access,
          }),
        ),
      )
      .map(({ state, access, ...it }) => ({ ...it, ...state, ...access })),
    { minLength: 30, maxLength: 40 },
  )
  .map((all) => all.map((it, index) => ({ kind: 'film', slug: slugOf('film', index), ...it })))

const catalogue = fc
  .tuple(
    named('genre', (name) => ({ description: like(name, proseText) })),
    named('person', (name) => ({
      biography: like(name, proseText),
      birthDate: fc.option(fc.constantFrom('1700-01-01', '1890-12-05')),
      deathDate: fc.option(fc.constant('1976-08-02')),
    })),
    films,
  )
  .map((records) => records.flat())

// each takes three databases: a few large ones rather than many that shrink
const catalogues = fc.sample(catalogue, { numRuns: 3, seed: 4 })

test.each(catalogues.map((records, index) => [index, records] as const))(
  'a catalogue (%i) that is exported, imported and exported is the same byte for byte',
  async (_, records) => {
    const first = await openCatalogue()
    expect(await first.bring(ndjson(...records))).toMatchObject({ refusals: [] })
    const told = { ndjson: await first.told('ndjson'), csv: await first.told('csv') }
    expect(told.ndjson.split('\n')).toHaveLength(records.length + 1)
    for (const format of ['ndjson', 'csv'] as const) {
      const next = await openCatalogue()
      expect(await next.bring(told[format], { format })).toMatchObject({ refusals: [] })
      expect({ ndjson: await next.told('ndjson'), csv: await next.told('csv') }).toEqual(told)
      const again = await first.bring(told[format], { format })
      expect(Object.values(again.counts).map(({ unchanged }) => unchanged)).toEqual(
        ['genre', 'person', 'film'].map((it) => records.filter(({ kind }) => kind === it).length),
      )
    }
  },
)

test('an export leaves out what is deleted, and goes on from page to page', async () => {
  const { bring, told, prisma } = await openCatalogue()
  const slugs = Array.from({ length: 1_203 }, (_, index) => `film-${index}`)
  await bring(ndjson(...slugs.map((slug) => film(slug))))
  await prisma.film.updateMany({
    where: { slug: { in: ['film-7', 'film-1000'] } },
    data: { deletedAt: new Date() },
  })
  const exported = (await told())
    .trimEnd()
    .split('\n')
    .map((it) => (JSON.parse(it) as { slug: string }).slug)
  expect(exported).toEqual(slugs.filter((it) => !['film-7', 'film-1000'].includes(it)).sort())
})

test('a row that is too long is refused, and the next one is read', async () => {
  const { bring } = await openCatalogue()
  const long = `{"kind":"film","slug":"${'x'.repeat(MAX_ROW_BYTES)}"}\n`
  const { counts, refusals } = await bring(long + ndjson(film('m')))
  expect(counts.film.created).toBe(1)
  expect(refusals).toMatchObject([
    { line: 1, problems: [{ message: `must have at most ${MAX_ROW_BYTES} bytes` }] },
  ])
})
