import { AppError } from '@cinegraph/kit/errors'
import type { FilmStatus } from '../films/film.record.js'
import type { FilmState } from './film-state.js'

export const FilmAction = {
  PUBLISH: 'PUBLISH',
  UNPUBLISH: 'UNPUBLISH',
  ARCHIVE: 'ARCHIVE',
  RESTORE: 'RESTORE',
  DELETE: 'DELETE',
} as const
export type FilmAction = (typeof FilmAction)[keyof typeof FilmAction]

/** What an edit is called in the audit and in events. */
export const DONE = {
  PUBLISH: 'PUBLISHED',
  UNPUBLISH: 'UNPUBLISHED',
  ARCHIVE: 'ARCHIVED',
  RESTORE: 'RESTORED',
  DELETE: 'DELETED',
} as const satisfies Record<FilmAction, string>

/** The states that a film may come from, by the one that it goes to. */
const ORIGINS: Readonly<Record<FilmStatus, readonly FilmStatus[]>> = {
  PUBLISHED: ['DRAFT', 'SCHEDULED'],
  SCHEDULED: ['DRAFT', 'SCHEDULED'],
  DRAFT: ['SCHEDULED', 'PUBLISHED'],
  ARCHIVED: ['DRAFT', 'SCHEDULED', 'PUBLISHED'],
}

const WORDS: Readonly<Record<FilmStatus, string>> = {
  DRAFT: 'a draft',
  SCHEDULED: 'scheduled',
  PUBLISHED: 'published',
  ARCHIVED: 'archived',
}

/** Throws CONFLICT where the action makes no sense. */
export function moved(state: FilmState, action: FilmAction, now: Date): FilmState {
  switch (action) {
    case 'PUBLISH':
      return inStatus(state, 'PUBLISHED')
    case 'UNPUBLISH':
      return inStatus(state, 'DRAFT')
    case 'ARCHIVE':
      return inStatus(state, 'ARCHIVED')
    case 'RESTORE':
      return restored(state)
    case 'DELETE':
      return { ...state, deletedAt: now.toISOString() }
  }
}

/** Throws CONFLICT for a film that is published or archived. */
export const scheduled = (state: FilmState, publishAt: Date): FilmState => ({
  ...inStatus(state, 'SCHEDULED'),
  publishAt: publishAt.toISOString(),
})

function inStatus(state: FilmState, to: FilmStatus): FilmState {
  const { status } = state
  if (ORIGINS[to].includes(status)) return { ...state, status: to, publishAt: null }
  if (status === to) throw refused(`The film is ${WORDS[status]} already.`)
  const first = status === 'ARCHIVED' ? 'restore' : 'unpublish'
  throw refused(`The film is ${WORDS[status]}: ${first} it first.`)
}

function restored(state: FilmState): FilmState {
  if (state.deletedAt !== null) return { ...state, deletedAt: null }
  if (state.status === 'ARCHIVED') return { ...state, status: 'DRAFT' }
  throw refused(
    `The film is ${WORDS[state.status]}: only an archived or a deleted one is restored.`,
  )
}

const refused = (message: string) => new AppError('CONFLICT', message)
