import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { MUTATIONS, named, titled } from './mutations.js'

/** Of an edit that has changed nothing: there was no difference, or it was refused for what the catalogue is now. */
export class NothingToEdit extends Error {}

/** The permissions of the built-in role. */
const EDITOR = asUser({
  roles: ['editor'],
  permissions: ['films:write', 'films:read-hidden', 'people:write'],
})

export const MOVES = ['publishFilm', 'unpublishFilm', 'archiveFilm'] as const
export type Move = (typeof MOVES)[number]

type Owner = keyof typeof MUTATIONS
interface Edit<O extends Owner> {
  of: O
  mutation: keyof (typeof MUTATIONS)[O] & string
  variables: Readonly<Record<string, unknown>>
  /** Codes of errors that another writer may be the reason of. */
  refusals?: readonly string[]
}

interface Outcome {
  readonly __typename: string
  readonly id: string
  readonly version?: number
}

export interface EditorOptions {
  prisma: PrismaClient
  subgraphs: Readonly<Record<Owner, Subgraph>>
}

/** Somebody who edits by mutations of films and people, each with the version that is there just before. */
export class Editor {
  constructor(private readonly options: EditorOptions) {}

  /** Published. */
  async createFilm(title: string, type: 'MOVIE' | 'TV_SHOW' = 'MOVIE'): Promise<string> {
    const input = { type, originalLanguage: 'en', ageRating: 12, ...titled(title) }
    const id = await this.edit({ of: 'films', mutation: 'createFilm', variables: { input } })
    await this.moveFilm(id, 'publishFilm')
    return id
  }

  async retitleFilm(filmId: string, title: string): Promise<void> {
    await this.updateFilm(filmId, titled(title))
  }

  /** To those with the role, once it is published; to all for null. */
  async restrictFilm(filmId: string, requiredRole: string | null): Promise<void> {
    await this.updateFilm(filmId, { requiredRole, hiddenWithoutRole: requiredRole !== null })
  }

  async moveFilm(filmId: string, mutation: Move | 'deleteFilm' | 'restoreFilm'): Promise<void> {
    const variables = await this.seen('film', filmId)
    await this.edit({ of: 'films', mutation, variables })
  }

  /** Of a series. */
  async saveSeason(filmId: string, number: number, title: string): Promise<void> {
    const season = { number, ...titled(title), episodes: [] }
    const variables = { ...(await this.seen('film', filmId)), season }
    await this.edit({ of: 'films', mutation: 'saveSeason', variables })
  }

  async deleteSeason(filmId: string, number: number): Promise<void> {
    const variables = { ...(await this.seen('film', filmId)), number }
    await this.edit({ of: 'films', mutation: 'deleteSeason', variables })
  }

  createPerson(name: string): Promise<string> {
    const variables = { input: named(name) }
    return this.edit({ of: 'people', mutation: 'createPerson', variables })
  }

  async renamePerson(personId: string, name: string): Promise<void> {
    const variables = { ...(await this.seen('person', personId)), input: named(name) }
    await this.edit({ of: 'people', mutation: 'updatePerson', variables })
  }

  /** Films lose the person. */
  async deletePerson(personId: string): Promise<void> {
    const variables = await this.seen('person', personId)
    await this.edit({ of: 'people', mutation: 'deletePerson', variables })
  }

  async mergePersons(personId: string, mergedPersonId: string): Promise<void> {
    const merged = await this.seen('person', mergedPersonId)
    const input = {
      ...(await this.seen('person', personId)),
      ...{ mergedId: merged.id, mergedVersion: merged.version },
    }
    await this.edit({ of: 'people', mutation: 'mergePersons', variables: { input } })
  }

  createGenre(name: string): Promise<string> {
    const variables = { input: named(name) }
    return this.edit({ of: 'people', mutation: 'createGenre', variables })
  }

  async renameGenre(genreId: string, name: string): Promise<void> {
    const variables = { ...(await this.seen('genre', genreId)), input: named(name) }
    await this.edit({ of: 'people', mutation: 'updateGenre', variables })
  }

  /** Films lose the genre. */
  async deleteGenre(genreId: string): Promise<void> {
    const variables = await this.seen('genre', genreId)
    await this.edit({ of: 'people', mutation: 'deleteGenre', variables })
  }

  /** Sets the genres and credits of a film; the persons act in it, each as somebody. */
  async linkFilm(
    filmId: string,
    { genreIds, personIds }: { genreIds: string[]; personIds: string[] },
  ): Promise<void> {
    const links = await this.options.prisma.filmLinks.findUnique({ where: { filmId } })
    const credits = personIds.map((personId, place) => ({
      ...{ personId, role: 'ACTOR', character: `Character ${place}` },
    }))
    await this.edit({
      ...{ of: 'people', mutation: 'setFilmLinks' },
      variables: { id: filmId, version: links?.version ?? 0, input: { genreIds, credits } },
      // a person or a genre that is no longer there
      refusals: ['NOT_FOUND', 'BAD_USER_INPUT'],
    })
  }

  private async updateFilm(filmId: string, input: object): Promise<void> {
    const variables = { ...(await this.seen('film', filmId)), input }
    await this.edit({ of: 'films', mutation: 'updateFilm', variables })
  }

  private async seen(kind: 'film' | 'person' | 'genre', id: string) {
    const { prisma } = this.options
    const one = { where: { id }, select: { id: true, version: true } }
    const reads = {
      film: () => prisma.film.findUnique(one),
      person: () => prisma.person.findUnique(one),
      genre: () => prisma.genre.findUnique(one),
    }
    const found = await reads[kind]()
    if (!found) throw new NothingToEdit()
    return found
  }

  /** Returns the id of what was created. */
  private async edit<O extends Owner>(edit: Edit<O>): Promise<string> {
    const { of, mutation, variables, refusals = ['NOT_FOUND', 'CONFLICT'] } = edit
    const query = MUTATIONS[of][mutation] as string
    const result = await execute<{ outcome: Outcome }>(this.options.subgraphs[of], {
      query,
      variables,
      as: EDITOR,
    })
    const code = result.errors?.[0]?.extensions.code
    if (code !== undefined && refusals.includes(code)) throw new NothingToEdit()
    const { __typename, id, version } = expectData(result).outcome
    if (__typename.endsWith('Conflict')) throw new NothingToEdit()
    if (version !== undefined && version === variables['version']) throw new NothingToEdit()
    return id
  }
}
