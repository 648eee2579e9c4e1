import type { Cache } from '@cinegraph/engines/cache/cache'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { createContext } from './context.js'
import { resolveFilmReference } from './films/film.reference.js'
import { FilmRepository } from './films/film.repository.js'
import { FilmResolver } from './films/film.resolver.js'
import { FilmService } from './films/film.service.js'
import { resolveGenreReference } from './genres/genre.reference.js'
import { GenreResolver } from './genres/genre.resolver.js'
import { resolvePersonReference } from './people/person.reference.js'
import { PersonResolver } from './people/person.resolver.js'
import { CatalogueReader } from './search/catalogue-reader.js'
import { FilmSearchResolver } from './search/film-search.resolver.js'
import { SuggestionResolver } from './search/suggestion.resolver.js'
import { SuggestionService } from './search/suggestion.service.js'

export interface FilmsDependencies {
  postgres: Pick<Postgres, 'prisma'>
  search: SearchIndex
  cache: Cache
  log: Logger
  verifyViewer: VerifyViewer
}

/** Films and all lists and counts of them. The engines are not touched before `start()`. */
export function createFilmsSubgraph(dependencies: FilmsDependencies): Promise<Subgraph> {
  const { postgres, search, cache, log, verifyViewer } = dependencies
  const films = new FilmRepository(postgres.prisma)
  const catalogue = new CatalogueReader({ search, cache, films })
  const service = new FilmService(catalogue)
  return createSubgraph({
    name: 'films',
    log,
    verifyViewer,
    context: createContext({ catalogue, films }),
    resolvers: [
      new FilmResolver(service),
      new FilmSearchResolver(service),
      new SuggestionResolver(new SuggestionService(catalogue)),
      new PersonResolver(service),
      new GenreResolver(service),
    ],
    references: {
      Film: resolveFilmReference,
      Person: resolvePersonReference,
      Genre: resolveGenreReference,
    },
  })
}
