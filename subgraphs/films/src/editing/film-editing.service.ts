import { randomUUID } from 'node:crypto'
import { changesBetween } from '@cinegraph/kit/changes'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { freeSlug } from '@cinegraph/kit/slug-from'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import { WRITE_FILMS } from '../access/film-access.js'
import type { FilmRecord } from '../films/film.record.js'
import type { CatalogueReader } from '../search/catalogue-reader.js'
import { changed, created } from './film-change.js'
import type {
  EditEntry,
  FilmEditRepository,
  FilmEdits,
  LockedFilm,
} from './film-edit.repository.js'
import { DONE, type FilmAction, moved, scheduled } from './film-moves.js'
import { slugOf } from './film-slug.js'
import type { FilmState } from './film-state.js'
import { filmChange, type NewFilm, newFilm, publishTime, seasonChange } from './film.rules.js'
import { withoutSeason, withSeason } from './season-change.js'
import { ValueTaken } from './value-taken.js'

/** The film and the version of it that the editor saw. */
export interface SeenFilm {
  readonly id: string
  readonly version: number
}

/** Somebody else has edited the film meanwhile. */
export interface FilmConflictRecord {
  readonly message: string
  readonly current: FilmRecord
}

/** What one edit is to do. */
export interface Edit {
  readonly action: EditEntry['action']
  /** The argument that has the fields, for errors that name them. */
  readonly argument?: string
  readonly change: (state: FilmState) => FilmState
}

const MESSAGE = 'It was edited by somebody else meanwhile; look at it again.'

/**
 * Edits films, for viewers with `films:write`; all throw UNAUTHENTICATED and FORBIDDEN. An edit is a transaction that changes the
 * rows, writes one audit entry and announces one event; where nothing differs it does none of them. Who reads through this
 * process sees it at once. All but `create` throw NOT_FOUND, and answer with a conflict when the version is not the one that the editor saw.
 */
export class FilmEditingService {
  constructor(
    private readonly repository: FilmEditRepository,
    private readonly now: Clock,
    private readonly catalogue: Pick<CatalogueReader, 'forget'>,
  ) {}

  /** As a draft. Throws BAD_USER_INPUT, and CONFLICT for a slug or an external id of another film. */
  async create(viewer: Viewer, input: z.input<typeof newFilm>): Promise<FilmRecord> {
    const { id: userId } = requirePermission(viewer, WRITE_FILMS)
    const given = validate(newFilm, input, 'input')
    const id = randomUUID()
    const film = await this.naming('input', async (films) => {
      const state = await this.claim(films, id, given)
      const changes = changesBetween({}, { ...state })
      return films.create(id, state, this.entryOf('CREATED', userId, changes))
    })
    await this.catalogue.forget(id)
    return film
  }

  /** Throws BAD_USER_INPUT, and CONFLICT for a slug or an external id of another film. */
  async update(viewer: Viewer, seen: SeenFilm, input: z.input<typeof filmChange>) {
    return this.edit(viewer, seen, this.updateBy(viewer, input, 'input'))
  }

  /** Throws CONFLICT where the action makes no sense. */
  async move(viewer: Viewer, seen: SeenFilm, action: FilmAction) {
    return this.edit(viewer, seen, this.moveBy(action))
  }

  /** Throws BAD_USER_INPUT for a time that is past or years away, CONFLICT for a film that is published or archived. */
  async schedule(viewer: Viewer, seen: SeenFilm, publishAt: Date) {
    requirePermission(viewer, WRITE_FILMS)
    const time = validate(publishTime(this.now()), publishAt, 'publishAt')
    return this.edit(viewer, seen, {
      action: 'SCHEDULED',
      change: (state) => scheduled(state, time),
    })
  }

  /** Throws BAD_USER_INPUT, and CONFLICT for a movie. */
  async saveSeason(viewer: Viewer, seen: SeenFilm, season: z.input<typeof seasonChange>) {
    requirePermission(viewer, WRITE_FILMS)
    const given = validate(seasonChange, season, 'season')
    return this.edit(viewer, seen, {
      action: 'EDITED',
      change: (state) => withSeason(state, given),
    })
  }

  /** Throws NOT_FOUND for a season that is absent, too. */
  async deleteSeason(viewer: Viewer, seen: SeenFilm, number: number) {
    return this.edit(viewer, seen, {
      action: 'EDITED',
      change: (state) => withoutSeason(state, number),
    })
  }

  /** Throws BAD_USER_INPUT as soon as it is asked for. */
  updateBy(viewer: Viewer, input: z.input<typeof filmChange>, argument: string): Edit {
    // who may not edit is not told what is wrong with the edit
    requirePermission(viewer, WRITE_FILMS)
    const change = validate(filmChange, input, argument)
    return { action: 'EDITED', argument, change: (state) => changed(state, change, argument) }
  }

  moveBy(action: FilmAction): Edit {
    return { action: DONE[action], change: (state) => moved(state, action, this.now()) }
  }

  async edit(
    viewer: Viewer,
    { id, version }: SeenFilm,
    edit: Edit,
  ): Promise<FilmRecord | FilmConflictRecord> {
    const { id: userId } = requirePermission(viewer, WRITE_FILMS)
    const known = parseId(id)
    if (known === undefined) throw noSuchFilm()
    const result = await this.naming(edit.argument, async (films) => {
      const film = await films.lock(known)
      if (!film || !isEdited(film, edit)) throw noSuchFilm()
      if (film.record.version !== version) return { message: MESSAGE, current: film.record }
      return this.store(films, film, { ...edit, userId })
    })
    if (!('current' in result)) await this.catalogue.forget(known)
    return result
  }

  /** Publishes a film that is due, in the name of nobody. False when somebody else is at it or was. */
  async publishDue(id: string): Promise<boolean> {
    const isPublished = await this.repository.inTransaction(async (films) => {
      const film = await films.lockUnlessBusy(id)
      if (!film || !isDue(film.state, this.now())) return false
      await this.store(films, film, { ...this.moveBy('PUBLISH'), userId: null })
      return true
    })
    if (isPublished) await this.catalogue.forget(id)
    return isPublished
  }

  private async claim(films: FilmEdits, id: string, given: NewFilm): Promise<FilmState> {
    const blank = created(given)
    const slug = given.slug ?? (await freeSlug(slugOf(blank), (all) => films.takenSlugs(all)))
    const state = { ...blank, slug }
    if (await films.claim(id, state)) return state
    if (given.slug !== undefined) throw new ValueTaken({ slug }, ['slug'])
    // somebody else took it first
    return this.claim(films, id, given)
  }

  private async store(
    films: FilmEdits,
    film: LockedFilm,
    { action, change, userId }: Edit & { userId: string | null },
  ): Promise<FilmRecord> {
    const after = change(film.state)
    const changes = changesBetween({ ...film.state }, { ...after })
    if (changes.length === 0) return film.record
    return films.write(film, after, this.entryOf(action, userId, changes))
  }

  private entryOf(
    action: EditEntry['action'],
    userId: string | null,
    changes: EditEntry['changes'],
  ): EditEntry {
    return { action, userId, changes, at: this.now() }
  }

  /** Says of a value that another film has, where in `argument` it was and which film that is: editors see them all. */
  private naming<T>(
    argument: string | undefined,
    work: (films: FilmEdits) => Promise<T>,
  ): Promise<T> {
    return this.repository.inTransaction(work).catch(async (error: unknown) => {
      if (!(error instanceof ValueTaken) || argument === undefined) throw error
      const path = [argument, ...error.path]
      const holder = await this.repository.holderOf(error.value)
      const film = holder === undefined ? 'another film' : `the film ${holder}`
      const message = `${path.join('.')}: ${film} has ${Object.values(error.value).join(' ')}`
      throw new AppError('CONFLICT', message, { argument: path })
    })
  }
}

/** Editors see every film but the deleted ones, which they can bring back and nothing else. */
const isEdited = ({ state }: LockedFilm, { action }: Edit): boolean =>
  state.deletedAt === null || action === 'RESTORED'

const isDue = ({ status, publishAt, deletedAt }: FilmState, now: Date): boolean =>
  status === 'SCHEDULED' && deletedAt === null && new Date(publishAt!) <= now

const noSuchFilm = () => new AppError('NOT_FOUND', 'There is no such film.', { argument: ['id'] })
