import { AppError, type ArgumentProblem, DependencyError } from '@cinegraph/kit/errors'
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
  /** Everything that is wrong with the arguments, when they are. */
  readonly problems: readonly ArgumentProblem[]
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

interface Asker {
  readonly viewer: Viewer
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

const UNAVAILABLE: FilmEditProblem = {
  code: 'SERVICE_UNAVAILABLE',
  message: 'This could not be done right now. Try again later.',
  argument: [],
  problems: [],
}

export class BulkEditingService {
  constructor(
    private readonly editing: FilmEditingService,
    private readonly log: Logger,
  ) {}

  /**
   * One after the other and each by itself: what is wrong with one is its problem and stops no other. In the order given. Once
   * an engine fails or nobody waits any more, the rest is not tried: what was done stays done and is told of. Throws UNAUTHENTICATED and FORBIDDEN, and BAD_USER_INPUT for no or too many edits.
   */
  async edit({ viewer, signal }: Asker, edits: readonly FilmEdit[]): Promise<FilmEditOutcome[]> {
    requirePermission(viewer, WRITE_FILMS)
    validate(counted, edits, 'edits')
    const outcomes: FilmEditOutcome[] = []
    for (const edit of edits) {
      const isOver = signal.aborted || outcomes.at(-1)?.problem === UNAVAILABLE
      outcomes.push(isOver ? failed(edit, UNAVAILABLE) : await this.outcomeOf(viewer, edit))
    }
    return outcomes
  }

  private async outcomeOf(viewer: Viewer, edit: FilmEdit): Promise<FilmEditOutcome> {
    const { id } = edit
    try {
      const result = await this.editing.edit(viewer, edit, this.stepsOf(viewer, edit))
      if (!('current' in result)) return { id, film: result, problem: null }
      const problem = {
        code: 'CONFLICT',
        message: result.message,
        argument: ['version'],
        problems: [],
      }
      return { id, film: result.current, problem }
    } catch (error) {
      // rows that were done stay done, so whatever happens to this one is an outcome too
      if (!(error instanceof AppError)) this.log.error({ err: error, filmId: id }, 'edit failed')
      return failed(edit, problemOf(error))
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

const failed = ({ id }: FilmEdit, problem: FilmEditProblem): FilmEditOutcome => ({
  id,
  film: null,
  problem,
})

function problemOf(error: unknown): FilmEditProblem {
  if (error instanceof AppError) {
    const { code, message, details } = error
    return { code, message, argument: details.argument ?? [], problems: details.problems ?? [] }
  }
  if (error instanceof DependencyError) return UNAVAILABLE
  const message = 'Something went wrong on our side.'
  return { code: 'INTERNAL_SERVER_ERROR', message, argument: [], problems: [] }
}
