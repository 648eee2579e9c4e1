import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import type DataLoader from 'dataloader'
import { audiencesOf, readsHidden } from './access/film-access.js'
import { createFilmListLoader, type FilmListLoader } from './films/film-list.loader.js'
import { createExternalIdLoader, createFilmLoader } from './films/film.loader.js'
import type { ExternalId, FilmRecord } from './films/film.record.js'
import type { FilmRepository } from './films/film.repository.js'
import { createGenreFilmCountLoader } from './genres/genre-film-count.loader.js'
import { createFilmAuditLoaders, type FilmAuditLoaders } from './history/film-audit.loader.js'
import type { FilmAuditRepository } from './history/film-audit.repository.js'
import { createFilmographyLoaders, type FilmographyLoaders } from './people/filmography.loader.js'
import {
  createSimilarListLoader,
  type SimilarListLoader,
} from './recommendations/similar-list.loader.js'
import type { CatalogueReader } from './search/catalogue-reader.js'
import { createSeasonLoaders, type SeasonLoaders } from './seasons/season.loader.js'
import type { SeasonRepository } from './seasons/season.repository.js'

export interface FilmsContext extends RequestContext {
  /** The groups that the viewer belongs to: every question to the search index carries them. */
  readonly audiences: () => Promise<readonly string[]>
  readonly loaders: SeasonLoaders &
    FilmAuditLoaders &
    FilmographyLoaders & {
      /** Null for a film that is absent or hidden from the viewer. */
      readonly film: DataLoader<string, FilmRecord | null>
      readonly filmList: FilmListLoader
      readonly similarList: SimilarListLoader
      /** What other catalogues call a film. */
      readonly externalIds: DataLoader<string, readonly ExternalId[]>
      /** How many films of a genre the viewer may see. */
      readonly genreFilmCount: DataLoader<string, number>
    }
}

export interface ContextDependencies {
  catalogue: CatalogueReader
  films: Pick<FilmRepository, 'rolesThatHide' | 'externalIdsOf'>
  seasons: SeasonRepository
  audit: FilmAuditRepository
}

export function createContext({ catalogue, films, seasons, audit }: ContextDependencies) {
  return (request: RequestContext): FilmsContext => {
    const { viewer } = request
    const ask = async () =>
      audiencesOf(viewer, readsHidden(viewer) ? await films.rolesThatHide() : [])
    let asked: ReturnType<typeof ask> | undefined
    const audiences = () => (asked ??= ask())
    return {
      ...request,
      audiences,
      loaders: {
        ...createSeasonLoaders(seasons),
        ...createFilmAuditLoaders(audit),
        ...createFilmographyLoaders({ catalogue, viewer, audiences }),
        externalIds: createExternalIdLoader(films),
        filmList: createFilmListLoader(catalogue),
        similarList: createSimilarListLoader(catalogue),
        film: createFilmLoader(catalogue, viewer),
        genreFilmCount: createGenreFilmCountLoader(catalogue, audiences),
      },
    }
  }
}
