import slugify from 'slugify'
import type { FilmState } from './film-state.js'

// with a year and a number after it, a slug stays below the hundred that its rule allows
const MAX_LENGTH = 80

/** A slug made of the English title, else of the Russian one in Latin letters, and the year. It may be taken. */
export function slugOf({ title, releaseYear }: Pick<FilmState, 'title' | 'releaseYear'>): string {
  const text = slugify(title.en ?? title.ru ?? '', { lower: true, strict: true })
  const words = text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH).replace(/-[^-]*$/, '') : text
  return [words || 'film', ...(releaseYear === null ? [] : [releaseYear])].join('-')
}
