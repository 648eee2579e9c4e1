export const FilmSortField = {
  RELEVANCE: 'RELEVANCE',
  TITLE: 'TITLE',
  RELEASE_DATE: 'RELEASE_DATE',
  EXTERNAL_RATING: 'EXTERNAL_RATING',
} as const
export type FilmSortField = (typeof FilmSortField)[keyof typeof FilmSortField]

export const SortDirection = { ASC: 'ASC', DESC: 'DESC' } as const
export type SortDirection = (typeof SortDirection)[keyof typeof SortDirection]
