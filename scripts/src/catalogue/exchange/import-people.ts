import type { Imported, ImportOutcome } from '@cinegraph/kit/importing'
import {
  type Found,
  PeopleContentRepository,
} from '@cinegraph/people/importing/people-content.repository'
import { PeopleImportRepository } from '@cinegraph/people/importing/people-import.repository'
import type { RecordOf } from './record.js'
import { type Entry, type ImportContext, refused, repeats, TOLD, type Verdict } from './verdict.js'

type PeopleKind = 'genre' | 'person'
type FieldsOf<K extends PeopleKind> = Partial<Omit<RecordOf<K>, 'kind'>>

interface Recognised<K extends PeopleKind> {
  readonly entry: Entry<K>
  /** Where it is there already. */
  readonly found: Found | undefined
  readonly repeated: number | undefined
}

/** Which entries are there already, and which repeat another. Nothing is written. */
export async function recognisePeople<K extends PeopleKind>(
  { prisma, seen }: ImportContext,
  kind: K,
  entries: readonly Entry<K>[],
): Promise<Recognised<K>[]> {
  if (entries.length === 0) return []
  const owner = new PeopleContentRepository(prisma)
  const slugs = entries.map(({ record }) => record.slug)
  const found = await (kind === 'genre' ? owner.findGenres(slugs) : owner.findPersons(slugs))
  const repeated = await seen.add(
    entries.map(({ line, record: { slug } }) => ({
      line,
      keys: [slug, ...(found.get(slug)?.slugs ?? [])].map((it) => `${kind} ${it}`),
    })),
  )
  return entries.map((entry, index) => ({
    entry,
    found: found.get(entry.record.slug),
    repeated: repeated[index],
  }))
}

export async function importGenres(
  context: ImportContext,
  entries: readonly Entry<'genre'>[],
): Promise<Verdict[]> {
  const owner = new PeopleImportRepository(context.prisma)
  return judge(context, await recognisePeople(context, 'genre', entries), (imports) =>
    context.dryRun ? owner.compareGenres(imports) : owner.writeGenres(imports, TOLD),
  )
}

export async function importPersons(
  context: ImportContext,
  entries: readonly Entry<'person'>[],
): Promise<Verdict[]> {
  const owner = new PeopleImportRepository(context.prisma)
  return judge(context, await recognisePeople(context, 'person', entries), (imports) =>
    context.dryRun ? owner.comparePersons(imports) : owner.writePersons(imports, TOLD),
  )
}

async function judge<K extends PeopleKind>(
  { idOf }: ImportContext,
  recognised: readonly Recognised<K>[],
  bring: (imports: Imported<FieldsOf<K>>[]) => Promise<ImportOutcome<unknown>[]>,
): Promise<Verdict<K>[]> {
  if (recognised.length === 0) return []
  const fresh = recognised.filter(({ repeated }) => repeated === undefined)
  const imports = fresh.map(({ entry: { record }, found }): Imported<FieldsOf<K>> => {
    const { kind, slug, ...fields } = record
    // who is found by the slug of somebody who was merged into them keeps their own
    return found
      ? { id: found.id, fields: fields as FieldsOf<K> }
      : { id: idOf(kind, slug), fields: { slug, ...fields } as FieldsOf<K> }
  })
  const outcomes = await bring(imports)
  return [
    ...fresh.map(({ entry }, index) => ({ entry, outcome: outcomes[index]! })),
    ...recognised.flatMap(({ entry, repeated }) =>
      repeated === undefined ? [] : [refused(entry, repeats('slug', repeated))],
    ),
  ]
}
