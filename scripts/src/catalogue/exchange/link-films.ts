import type { Imported, ImportProblem } from '@cinegraph/kit/importing'
import type { LinksFields, PersonFields } from '@cinegraph/people/importing/people-content'
import { PeopleContentRepository } from '@cinegraph/people/importing/people-content.repository'
import { type Entry, type ImportContext, refused, type Verdict } from './verdict.js'

/** An entry and the id of its film. */
interface KnownFilm {
  readonly entry: Entry<'film'>
  readonly id: string
}

export interface LinkedFilm extends KnownFilm {
  readonly links: LinksFields
  /** Ids of persons who are made for it. */
  readonly makes: readonly string[]
}

interface LinkedFilms {
  readonly linked: readonly LinkedFilm[]
  /** Those that name somebody, or a genre, that is not there. */
  readonly unlinkable: readonly Verdict<'film'>[]
  /** Persons who are to be made: of each, one credit tells a name. */
  readonly persons: readonly Imported<PersonFields>[]
}

/** From the slugs of genres and persons to their ids. */
export async function linkFilms(
  context: ImportContext,
  films: readonly KnownFilm[],
): Promise<LinkedFilms> {
  const credits = films.flatMap(({ entry }) => entry.record.credits ?? [])
  const owner = new PeopleContentRepository(context.prisma)
  const slugs = {
    genre: [...new Set(films.flatMap(({ entry }) => entry.record.genres ?? []))],
    person: [...new Set(credits.map(({ person }) => person))],
  }
  const genres = await idsOf(context, {
    kind: 'genre',
    slugs: slugs.genre,
    found: await owner.findGenres(slugs.genre),
  })
  const persons = await idsOf(context, {
    kind: 'person',
    slugs: slugs.person,
    found: await owner.findPersons(slugs.person),
  })
  const made = new Map<string, Imported<PersonFields>>()
  for (const { person: slug, name } of credits) {
    if (name === undefined || persons.has(slug)) continue
    const id = context.idOf('person', slug)
    persons.set(slug, id)
    made.set(id, { id, fields: { slug, name } })
  }
  // in a dry run nobody is made, and a later row may name them
  await context.seen.add(
    [...made.values()].map(({ fields }) => ({ line: 0, keys: [`person ${fields.slug!}`] })),
  )

  const linked: LinkedFilm[] = []
  const unlinkable: Verdict<'film'>[] = []
  for (const { entry, id } of films) {
    const { record } = entry
    const problems: ImportProblem[] = []
    const idOf = (ids: ReadonlyMap<string, string>, slug: string, field: string) => {
      const found = ids.get(slug)
      if (found === undefined) problems.push({ field, message: `there is no ${slug}` })
      return found ?? ''
    }
    const links = {
      genres: record.genres?.map((slug, index) => idOf(genres, slug, `genres.${index}`)),
      credits: record.credits?.map(({ person, role, character }, index) => ({
        personId: idOf(persons, person, `credits.${index}.person`),
        role,
        character,
      })),
    }
    const makes = (links.credits ?? []).map(({ personId }) => personId).filter((it) => made.has(it))
    if (problems.length > 0) unlinkable.push(refused(entry, ...problems))
    else linked.push({ entry, id, links, makes })
  }
  return { linked, unlinkable, persons: [...made.values()] }
}

interface Sought {
  readonly kind: 'genre' | 'person'
  readonly slugs: readonly string[]
  readonly found: ReadonlyMap<string, { readonly id: string }>
}

/** By slug; in a dry run also of what would be there by now. */
async function idsOf(
  { dryRun, seen, idOf }: ImportContext,
  { kind, slugs, found }: Sought,
): Promise<Map<string, string>> {
  const ids = new Map([...found].map(([slug, { id }]) => [slug, id]))
  if (!dryRun) return ids
  const promised = await seen.among(slugs.map((slug) => `${kind} ${slug}`))
  for (const slug of slugs) {
    if (!ids.has(slug) && promised.has(`${kind} ${slug}`)) ids.set(slug, idOf(kind, slug))
  }
  return ids
}
