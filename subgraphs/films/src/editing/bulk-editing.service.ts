import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { WRITE_FILMS } from '../access/film-access.js'
import type { FilmRecord } from '../films/film.record.js'
import type { Edit, FilmEditingService, SeenFilm } from './film-editing.service.js'
import type { FilmAction } from './film-moves.js'
import { FILM_LIMITS, type filmChange } from './film.rules.js'

/** What is to be done to one film: the change, then the action, in one edit. */
export interface FilmEdit extends SeenFilm {
  readonly change?: z.input<typeof filmChange> | null | undefined
  readonly action?: FilmAction | null | undefined
}

export interface FilmEditProblem {
  readonly code: string
  readonly message: string
  /** Path within the row, e.g. `['change', 'ageRating']`. */
  readonly argument: readonly (string | number)[]
}

export interface FilmEditOutcome {
  /** As it was given. */
  readonly id: string
  /** As it is after the edit; of a stale one as it is now; null otherwise. */
  readonly film: FilmRecord | null
  /** Null when it was done. */
  readonly problem: FilmEditProblem | null
}

const counted = z
  .array(z.unknown())
  .min(1, `must have 1 to ${FILM_LIMITS.edits} items`)
  .max(FILM_LIMITS.edits, `must have 1 to ${FILM_LIMITS.edits} items`)

export class BulkEditingService {
  constructor(
    private readonly editing: FilmEditingService,
    private readonly log: Logger,
  ) {}

  /**
   * One after the other and each by itself: what is wrong with one is its problem and stops no other. In the order given.
   * Throws UNAUTHENTICATED and FORBIDDEN, and BAD_USER_INPUT for no or too many edits.
   */
  async edit(viewer: Viewer, edits: readonly FilmEdit[]): Promise<FilmEditOutcome[]> {
    requirePermission(viewer, WRITE_FILMS)
    validate(counted, edits, 'edits')
    const outcomes: FilmEditOutcome[] = []
    for (const edit of edits) outcomes.push(await this.outcomeOf(viewer, edit))
    return outcomes
  }

  private async outcomeOf(viewer: Viewer, edit: FilmEdit): Promise<FilmEditOutcome> {
    const { id } = edit
    try {
      const result = await this.editing.edit(viewer, edit, this.stepsOf(viewer, edit))
      if (!('current' in result)) return { id, film: result, problem: null }
      const problem = { code: 'CONFLICT', message: result.message, argument: ['version'] }
      return { id, film: result.current, problem }
    } catch (error) {
      if (error instanceof DependencyError)
        this.log.error({ err: error, filmId: id }, 'edit failed')
      return { id, film: null, problem: problemOf(error) }
    }
  }

  private stepsOf(viewer: Viewer, { change, action }: FilmEdit): Edit {
    const update = change == null ? undefined : this.editing.updateBy(viewer, change, 'change')
    const move = action == null ? undefined : this.editing.moveBy(action)
    if (update && move) {
      return { ...update, ...move, change: (state) => move.change(update.change(state)) }
    }
    const only = update ?? move
    if (only) return only
    throw new AppError('BAD_USER_INPUT', 'Give a change, an action or both.', {
      argument: ['change'],
    })
  }
}

/** Rows that were done stay done while the database fails at this one, so its failure is an outcome too. */
function problemOf(error: unknown): FilmEditProblem {
  if (error instanceof AppError) {
    const { code, message, details } = error
    return { code, message, argument: details.argument ?? [] }
  }
  if (error instanceof DependencyError) {
    const message = 'This could not be done right now. Try again later.'
    return { code: 'SERVICE_UNAVAILABLE', message, argument: [] }
  }
  throw error
}
