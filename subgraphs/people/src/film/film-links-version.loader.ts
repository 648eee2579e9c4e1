import DataLoader from 'dataloader'
import type { FilmLinksVersionRepository } from './film-links-version.repository.js'

/** Versions of the links of films by the id of the film; 0 where nobody has ever set them. */
export type FilmLinksVersionLoader = DataLoader<string, number>

export const createFilmLinksVersionLoader = (
  repository: FilmLinksVersionRepository,
): FilmLinksVersionLoader =>
  new DataLoader(async (filmIds) => {
    const versions = await repository.find(filmIds)
    return filmIds.map((id) => versions.get(id) ?? 0)
  })
