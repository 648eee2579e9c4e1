import type { Viewer } from '@cinegraph/kit/identity'

/** The permission of editors: drafts, archived films and films hidden behind any role are visible with it. */
const READ_HIDDEN = 'films:read-hidden'

/** What decides who may see a film. */
export interface FilmAccessFields {
  readonly status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED'
  readonly requiredRole: string | null
  readonly hiddenWithoutRole: boolean
}

/** The one group of viewers that may see a film; written into its search document. */
export type Audience = 'everyone' | 'editors' | `role:${string}`

/** Where the fields contradict each other (hidden without a role, but no role is named), only editors see the film. */
export function audienceOf(film: FilmAccessFields): Audience {
  if (film.status !== 'PUBLISHED') return 'editors'
  if (!film.hiddenWithoutRole) return 'everyone'
  return film.requiredRole === null ? 'editors' : `role:${film.requiredRole}`
}

export const readsHidden = (viewer: Viewer): boolean =>
  (viewer.permissions as readonly string[]).includes(READ_HIDDEN)

/** The groups that a viewer belongs to, in a fixed order. Editors belong to that of every role in `hidingRoles`. */
export function audiencesOf(viewer: Viewer, hidingRoles: readonly string[]): readonly Audience[] {
  const editor = readsHidden(viewer)
  const roles = new Set([...viewer.roles, ...(editor ? hidingRoles : [])])
  const byRole = [...roles].sort().map((role): Audience => `role:${role}`)
  return editor ? ['everyone', 'editors', ...byRole] : ['everyone', ...byRole]
}

/** The one rule of who sees which film. The search index applies the same by comparing audiences. */
export function isVisible(film: FilmAccessFields, viewer: Viewer): boolean {
  const hidingRoles = film.requiredRole === null ? [] : [film.requiredRole]
  return audiencesOf(viewer, hidingRoles).includes(audienceOf(film))
}
