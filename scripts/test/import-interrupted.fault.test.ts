import { readdir, readFile, watch, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Checkpoint } from '../src/catalogue/exchange/checkpoint.js'
import {
  film,
  genre,
  ndjson,
  openCatalogue,
  person,
  startScript,
  temporaryFolder,
} from './exchange.js'

const PERSONS = 79_999
const FILMS = 20_000

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const slugs = (rows: readonly { slug: string }[]) => rows.map(({ slug }) => slug)

/** Kills the process as soon as the file beside the import says that so many rows are done. */
async function killAt(rows: number, file: string, url: string) {
  const ending = new AbortController()
  const changes = watch(path.dirname(file), { signal: ending.signal })
  const run = startScript('import', [file], { DATABASE_URL: url })
  run.child.once('exit', () => ending.abort())
  try {
    for await (const { filename } of changes) {
      if (filename !== `${path.basename(file)}.import.json`) continue
      const done = JSON.parse(await readFile(`${file}.import.json`, 'utf8')) as Checkpoint
      if (done.rows < rows) continue
      run.child.kill('SIGKILL')
      return { done, ...(await run.ended()) }
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error
  }
  throw new Error(`ended before ${rows} rows: ${JSON.stringify(await run.ended())}`)
}

test('100,000 rows are there once, each with one history entry and one event, after two kill -9', async () => {
  const { url, prisma } = await openCatalogue()
  const file = path.join(await temporaryFolder(), 'large.ndjson')
  const persons = numbers(PERSONS).map((it) => `person-${it}`)
  const films = numbers(FILMS).map((it) => `film-${it}`)
  await writeFile(
    file,
    ndjson(
      genre('noir'),
      ...films.map((slug, index) => {
        const credits = [{ person: persons[index]!, role: 'ACTOR' }]
        return film(slug, { genres: ['noir'], credits })
      }),
      ...persons.map((slug) => person(slug)),
    ),
  )

  const first = await killAt(30_000, file, url)
  expect(first).toMatchObject({ code: null, done: { pass: 'people' } })
  const second = await killAt(90_000, file, url)
  expect(second).toMatchObject({ code: null, done: { pass: 'films', run: first.done.run } })
  const { code, stdout } = await startScript('import', [file], { DATABASE_URL: url }).ended()
  expect({ code, left: await readdir(path.dirname(file)) }).toEqual({
    ...{ code: 0, left: ['large.ndjson'] },
  })
  expect(stdout).toMatch(/^persons: \d+ created, 0 changed, \d+ unchanged, 0 refused$/m)

  const bySlug = { select: { slug: true }, where: { version: 1 } } as const
  expect(slugs(await prisma.person.findMany(bySlug)).toSorted()).toEqual(persons.toSorted())
  expect(slugs(await prisma.film.findMany(bySlug)).toSorted()).toEqual(films.toSorted())
  expect(await prisma.filmLinks.count({ where: { version: 1 } })).toBe(FILMS)
  expect(await prisma.credit.count()).toBe(FILMS)
  expect(await prisma.filmAudit.count({ where: { version: 1 } })).toBe(FILMS)
  const entries = await prisma.peopleAudit.groupBy({ by: ['kind', 'version'], _count: true })
  expect(entries.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
    { kind: 'FILM_LINKS', version: 1, _count: FILMS },
    { kind: 'GENRE', version: 1, _count: 1 },
    { kind: 'PERSON', version: 1, _count: PERSONS },
  ])
  const events = await prisma.outboxRow.findMany({ select: { key: true, headers: true } })
  expect(events).toHaveLength(1 + PERSONS + 2 * FILMS)
  const told = events.map(({ key, headers }) => `${(headers as { event: string }).event} ${key}`)
  expect(new Set(told).size).toBe(told.length)
}, 180_000)
