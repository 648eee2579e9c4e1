import type { Viewer } from '@cinegraph/kit/identity'

/** With this permission drafts, archived films and films hidden behind any role are visible. */
export const READ_HIDDEN = 'films:read-hidden'

/** The permission to edit films: it includes seeing what READ_HIDDEN lets one see. */
export const WRITE_FILMS = 'films:write'

/**
 * The one group of viewers that may see a film. The database makes it of the state of the film and of its role (the generated
 * column `audience`, see prisma/schema/films.prisma); `nobody` is of a film that is deleted.
 */
export type Audience = 'everyone' | 'editors' | `role:${string}` | 'nobody'

/** What decides who may see a film. */
export interface FilmAccessFields {
  readonly audience: Audience
}

const may = ({ permissions }: Viewer, permission: string): boolean =>
  (permissions as readonly string[]).includes(permission)

export const writesFilms = (viewer: Viewer): boolean => may(viewer, WRITE_FILMS)

export const readsHidden = (viewer: Viewer): boolean =>
  writesFilms(viewer) || may(viewer, READ_HIDDEN)

/** The groups that a viewer belongs to, in a fixed order. Editors belong to that of every role in `hidingRoles`. */
export function audiencesOf(viewer: Viewer, hidingRoles: readonly string[]): readonly Audience[] {
  const editor = readsHidden(viewer)
  const roles = new Set([...viewer.roles, ...(editor ? hidingRoles : [])])
  const byRole = [...roles].sort().map((role): Audience => `role:${role}`)
  return editor ? ['everyone', 'editors', ...byRole] : ['everyone', ...byRole]
}

/** The one rule of who sees which film. The search index applies the same by comparing audiences. */
export function isVisible({ audience }: FilmAccessFields, viewer: Viewer): boolean {
  const hidingRoles = audience.startsWith('role:') ? [audience.slice('role:'.length)] : []
  return audiencesOf(viewer, hidingRoles).includes(audience)
}
