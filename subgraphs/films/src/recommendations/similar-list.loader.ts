import type { SimilarPage, SimilarQuery } from '@cinegraph/engines/search/search-index'
import DataLoader from 'dataloader'
import type { CatalogueReader } from '../search/catalogue-reader.js'

/** Pages of similar films, whatever films a request asks for; each fails by itself when its cursor is foreign. */
export type SimilarListLoader = DataLoader<SimilarQuery, SimilarPage, string>

export const createSimilarListLoader = (
  catalogue: Pick<CatalogueReader, 'similarLists'>,
): SimilarListLoader =>
  new DataLoader<SimilarQuery, SimilarPage, string>((queries) => catalogue.similarLists(queries), {
    cacheKeyFn: (query) => JSON.stringify(query),
  })
