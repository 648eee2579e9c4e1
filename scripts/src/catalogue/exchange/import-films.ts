import type { FilmFields } from '@cinegraph/films/importing/film-content'
import {
  FilmContentRepository,
  type FilmNames,
  type FoundFilm,
} from '@cinegraph/films/importing/film-content.repository'
import { FilmImportRepository } from '@cinegraph/films/importing/film-import.repository'
import type { Imported, ImportOutcome, ImportProblem } from '@cinegraph/kit/importing'
import { PeopleImportRepository } from '@cinegraph/people/importing/people-import.repository'
import { type LinkedFilm, linkFilms } from './link-films.js'
import type { RecordOf } from './record.js'
import { type Entry, type ImportContext, refused, repeats, TOLD, type Verdict } from './verdict.js'

interface Recognised {
  readonly entry: Entry<'film'>
  /** Films that the entry may be of. */
  readonly found: readonly FoundFilm[]
  readonly repeated: number | undefined
}

export interface FilmVerdicts {
  readonly verdicts: readonly Verdict<'film'>[]
  /** Persons of whom only a credit told. */
  readonly personsMade: number
}

/** Which entries are there already, and which repeat another. Nothing is written. */
export async function recogniseFilms(
  { prisma, seen }: ImportContext,
  entries: readonly Entry<'film'>[],
): Promise<Recognised[]> {
  if (entries.length === 0) return []
  const found = await new FilmContentRepository(prisma).find(entries.map(({ record }) => record))
  const repeated = await seen.add(
    entries.map(({ line, record }, index) => ({
      line,
      keys: [record, ...found[index]!].flatMap(keysOf),
    })),
  )
  return entries.map((entry, index) => ({
    entry,
    found: found[index]!,
    repeated: repeated[index],
  }))
}

/**
 * Films with what belongs to them. Films come last: where there is a film, all that belongs to it is there, even when this is cut
 * short.
 */
export async function importFilms(
  context: ImportContext,
  entries: readonly Entry<'film'>[],
): Promise<FilmVerdicts> {
  if (entries.length === 0) return { verdicts: [], personsMade: 0 }
  const recognised = await recogniseFilms(context, entries)
  const unclear = recognised.flatMap((it) => {
    const problem = problemOf(it)
    return problem ? [refused(it.entry, problem)] : []
  })
  const clear = recognised.filter((it) => !problemOf(it))
  const { linked, unlinkable, persons } = await linkFilms(
    context,
    clear.map(({ entry, found: [film] }) => ({
      entry,
      id: film?.id ?? context.idOf('film', entry.record.slug ?? keysOf(entry.record).join()),
    })),
  )
  const films = new FilmImportRepository(context.prisma)
  const compared = await films.compare(linked.map(filmOf))
  const isAccepted = (_: unknown, index: number) => compared[index]!.kind !== 'REFUSED'
  const accepted = linked.filter(isAccepted)
  const needed = new Set(accepted.flatMap(({ makes }) => makes))
  const made = persons.filter(({ id }) => needed.has(id))
  const outcomes = await bring(context, accepted, made)
  return {
    verdicts: [
      ...unclear,
      ...unlinkable,
      ...linked.flatMap(({ entry }, index) =>
        isAccepted(entry, index) ? [] : [{ entry, outcome: compared[index]! }],
      ),
      ...accepted.map(({ entry }, index) => ({ entry, outcome: outcomes[index]! })),
    ],
    personsMade: made.length,
  }
}

async function bring(
  { prisma, dryRun }: ImportContext,
  accepted: readonly LinkedFilm[],
  persons: Parameters<PeopleImportRepository['writePersons']>[0],
): Promise<ImportOutcome<unknown>[]> {
  const people = new PeopleImportRepository(prisma)
  const films = new FilmImportRepository(prisma)
  if (!dryRun) await people.writePersons(persons, TOLD)
  const links = accepted.map(({ id, links }) => ({ id, fields: links }))
  const linkOutcomes = await (dryRun ? people.compareLinks(links) : people.writeLinks(links, TOLD))
  const imports = accepted.map(filmOf)
  const filmOutcomes = await (dryRun ? films.compare(imports) : films.write(imports, TOLD))
  return filmOutcomes.map((outcome, index) =>
    outcome.kind === 'UNCHANGED' ? linkOutcomes[index]! : outcome,
  )
}

function filmOf({ id, entry }: LinkedFilm): Imported<FilmFields> {
  const { kind: _, genres: __, credits: ___, ...fields } = entry.record
  return { id, fields }
}

function problemOf({ entry, found, repeated }: Recognised): ImportProblem | undefined {
  const field = entry.record.slug === undefined ? 'externalIds' : 'slug'
  if (repeated !== undefined) return repeats(field, repeated)
  if (found.length > 1) {
    const slugs = found.map(({ slug }) => slug).toSorted()
    return { field, message: `slug and external ids are of different films: ${slugs.join(', ')}` }
  }
  if (found[0]?.deleted) return { field, message: 'is of a film that was deleted' }
  return undefined
}

const keysOf = ({ slug, externalIds = {} }: FilmNames | RecordOf<'film'>) => [
  ...(slug === undefined ? [] : [`film ${slug}`]),
  ...Object.entries(externalIds).map(([source, value]) => `film ${source}=${value}`),
]
