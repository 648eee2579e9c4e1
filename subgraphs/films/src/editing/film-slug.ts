import { slugFrom } from '@cinegraph/kit/slug-from'
import type { FilmState } from './film-state.js'

/** A slug made of the title and the year. It may be taken. */
export const slugOf = ({ title, releaseYear }: Pick<FilmState, 'title' | 'releaseYear'>): string =>
  [slugFrom(title) ?? 'film', ...(releaseYear === null ? [] : [releaseYear])].join('-')
