import DataLoader from 'dataloader'
import type { FilmLinksState, FilmLinksStateRepository } from './film-links-state.repository.js'

/** Links of films by the id of the film, whatever films a request asks for in one statement. */
export type FilmLinksLoader = DataLoader<string, FilmLinksState>

export const createFilmLinksLoader = (repository: FilmLinksStateRepository): FilmLinksLoader =>
  new DataLoader((filmIds) => repository.find(filmIds))
