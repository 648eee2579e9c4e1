import type { Viewer } from '@cinegraph/kit/identity'
import DataLoader from 'dataloader'
import type { GenreRepository, StoredGenre } from './genre.repository.js'
import type { GenreService } from './genre.service.js'

/** By id as the database writes it; null when absent. */
export type GenreLoader = DataLoader<string, StoredGenre | null>

export const createGenreLoader = (service: GenreService, viewer: Viewer): GenreLoader =>
  new DataLoader(async (ids) => {
    const genres = new Map((await service.all(viewer)).map((genre) => [genre.id, genre]))
    return ids.map((id) => genres.get(id) ?? null)
  })

/** Ids of a film's genres in the film's order, by film id. */
export type FilmGenreLoader = DataLoader<string, readonly string[]>

export const createFilmGenreLoader = (repository: GenreRepository): FilmGenreLoader =>
  new DataLoader(async (filmIds) => {
    const byFilm = await repository.findIdsByFilms(filmIds)
    return filmIds.map((id) => byFilm.get(id) ?? [])
  })
