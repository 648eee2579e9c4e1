import type { FilmHitPage, FilmQuery } from '@cinegraph/engines/search/search-index'
import DataLoader from 'dataloader'
import type { CatalogueReader } from '../search/catalogue-reader.js'

/** Pages of lists without a text, whatever lists a request asks for; each fails by itself when its cursor is foreign. */
export type FilmListLoader = DataLoader<FilmQuery, FilmHitPage, string>

export const createFilmListLoader = (
  catalogue: Pick<CatalogueReader, 'filmLists'>,
): FilmListLoader =>
  new DataLoader<FilmQuery, FilmHitPage, string>((queries) => catalogue.filmLists(queries), {
    cacheKeyFn: (query) => JSON.stringify(query),
  })
