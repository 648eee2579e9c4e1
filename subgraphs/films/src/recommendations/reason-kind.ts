import type { CreditRole } from '@cinegraph/engines/search/credit-role'

export const RecommendationReasonKind = {
  SAME_DIRECTOR: 'SAME_DIRECTOR',
  SAME_WRITER: 'SAME_WRITER',
  SAME_CAST: 'SAME_CAST',
  SAME_COMPOSER: 'SAME_COMPOSER',
  SAME_PRODUCER: 'SAME_PRODUCER',
  SHARED_GENRES: 'SHARED_GENRES',
  BEST_RATED: 'BEST_RATED',
} as const
export type RecommendationReasonKind = keyof typeof RecommendationReasonKind

export const KIND_OF_ROLE: Readonly<Record<CreditRole, RecommendationReasonKind>> = {
  DIRECTOR: 'SAME_DIRECTOR',
  WRITER: 'SAME_WRITER',
  ACTOR: 'SAME_CAST',
  COMPOSER: 'SAME_COMPOSER',
  PRODUCER: 'SAME_PRODUCER',
}
