import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import type DataLoader from 'dataloader'
import { audiencesOf, readsHidden } from './access/film-access.js'
import { createFilmLoader } from './films/film.loader.js'
import type { FilmRecord } from './films/film.record.js'
import type { FilmRepository } from './films/film.repository.js'
import { createGenreFilmCountLoader } from './genres/genre-film-count.loader.js'
import type { CatalogueReader } from './search/catalogue-reader.js'

export interface FilmsContext extends RequestContext {
  /** The groups that the viewer belongs to: every question to the search index carries them. */
  readonly audiences: () => Promise<readonly string[]>
  readonly loaders: {
    /** Null for a film that is absent or hidden from the viewer. */
    readonly film: DataLoader<string, FilmRecord | null>
    /** How many films of a genre the viewer may see. */
    readonly genreFilmCount: DataLoader<string, number>
  }
}

export interface ContextDependencies {
  catalogue: CatalogueReader
  films: Pick<FilmRepository, 'rolesThatHide'>
}

export function createContext({ catalogue, films }: ContextDependencies) {
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
        film: createFilmLoader(catalogue, viewer),
        genreFilmCount: createGenreFilmCountLoader(catalogue, audiences),
      },
    }
  }
}
