import { type Audience, audiencesOf, hidingRolesOf } from '@cinegraph/engines/search/audience'
import type { Viewer } from '@cinegraph/kit/identity'

// the groups are in @cinegraph/engines, for people to count by; which films they see is decided here
export {
  type Audience,
  audiencesOf,
  READ_HIDDEN,
  readsHidden,
  WRITE_FILMS,
  writesFilms,
} from '@cinegraph/engines/search/audience'

/** What decides who may see a film. */
export interface FilmAccessFields {
  readonly audience: Audience
}

/** The one rule of who sees which film. The search index applies the same by comparing audiences. */
export const isVisible = ({ audience }: FilmAccessFields, viewer: Viewer): boolean =>
  audiencesOf(viewer, hidingRolesOf([audience])).includes(audience)
