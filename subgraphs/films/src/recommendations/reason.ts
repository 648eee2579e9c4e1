import { CreditRole } from '@cinegraph/engines/search/credit-role'
import type { Likeness } from '@cinegraph/engines/search/search-index'
import type { FilmRecord } from '../films/film.record.js'
import { KIND_OF_ROLE, type RecommendationReasonKind } from './reason-kind.js'

interface Stub {
  readonly id: string
}

/** Why a film is recommended. */
export interface Reason {
  readonly kind: RecommendationReasonKind
  /** The film that it is like; null where that goes without saying, and for BEST_RATED. */
  readonly film: FilmRecord | null
  readonly persons: readonly Stub[]
  readonly genres: readonly Stub[]
  /** For SHARED_GENRES: how many genres the film has that it is like. */
  readonly genreCount: number | null
}

const NOTHING = { persons: [], genres: [], genreCount: null }

export const BEST_RATED: Reason = { kind: 'BEST_RATED', film: null, ...NOTHING }

/** Nothing for a role that this release does not know. */
export function reasonsOf(likenesses: readonly Likeness[], film: FilmRecord | null): Reason[] {
  return likenesses.flatMap((it): Reason[] => {
    if (it.of === 'GENRES') {
      const genres = it.genreIds.map((id) => ({ id }))
      return [{ kind: 'SHARED_GENRES', film, persons: [], genres, genreCount: it.total }]
    }
    if (!isRole(it.role)) return []
    const persons = it.personIds.map((id) => ({ id }))
    return [{ ...NOTHING, kind: KIND_OF_ROLE[it.role], film, persons }]
  })
}

const isRole = (role: string): role is CreditRole => role in CreditRole
