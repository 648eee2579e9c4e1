import type { FilmsContext } from '../context.js'
import type { FilmRecord } from './film.record.js'

/** Null for a film that is absent or hidden from the viewer. */
export const resolveFilmReference = (
  { id }: { id: string },
  { loaders }: FilmsContext,
): Promise<FilmRecord | null> => loaders.film.load(id)
