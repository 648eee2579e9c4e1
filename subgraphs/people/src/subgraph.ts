import type { Cache } from '@cinegraph/engines/cache/cache'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { createContext, type PeopleContext } from './context.js'
import { CreditRepository } from './credits/credit.repository.js'
import { CreditResolver } from './credits/credit.resolver.js'
import { AuditRepository } from './editing/audit.repository.js'
import { EditingRepository } from './editing/editing.repository.js'
import { HistoryResolver } from './editing/history.resolver.js'
import { HistoryService } from './editing/history.service.js'
import { resolveFilmReference } from './film/film.reference.js'
import { FilmResolver } from './film/film.resolver.js'
import { FilmService } from './film/film.service.js'
import { Film } from './film/film.type.js'
import { FilmLinksResolver } from './film/film-links.resolver.js'
import { FilmLinksService } from './film/film-links.service.js'
import { FilmLinksStateRepository } from './film/film-links-state.repository.js'
import { resolveGenreReference } from './genres/genre.reference.js'
import { GenreEditingResolver } from './genres/genre-editing.resolver.js'
import { GenreEditingService } from './genres/genre-editing.service.js'
import { GenreRepository } from './genres/genre.repository.js'
import { GenreResolver } from './genres/genre.resolver.js'
import { GenreService } from './genres/genre.service.js'
import { resolvePersonReference } from './persons/person.reference.js'
import { PersonEditingResolver } from './persons/person-editing.resolver.js'
import { PersonEditingService } from './persons/person-editing.service.js'
import { PersonMergeService } from './persons/person-merge.service.js'
import { PersonRepository } from './persons/person.repository.js'
import { PersonResolver } from './persons/person.resolver.js'
import { PersonService } from './persons/person.service.js'

export interface PeopleDependencies {
  postgres: Postgres
  search: SearchIndex
  cache: Cache
  log: Logger
  verifyViewer: VerifyViewer
}

/** Persons, genres, and what films owe to them. The engines belong to the caller and are first used by a request. */
export async function createPeopleSubgraph(deps: PeopleDependencies): Promise<Subgraph> {
  const { prisma } = deps.postgres
  const persons = new PersonRepository(prisma)
  const genres = new GenreRepository(prisma)
  const genreService = new GenreService(genres, deps.cache, deps.search)
  const editing = new EditingRepository(prisma)
  const histories = new HistoryService()
  return createSubgraph<PeopleContext>({
    name: 'people',
    log: deps.log,
    verifyViewer: deps.verifyViewer,
    resolvers: [
      new PersonResolver(new PersonService(persons, deps.search)),
      new PersonEditingResolver(
        new PersonEditingService(editing),
        new PersonMergeService(editing),
        histories,
      ),
      new GenreResolver(genreService),
      new GenreEditingResolver(new GenreEditingService(editing, genreService), histories),
      new HistoryResolver(histories),
      new CreditResolver(),
      new FilmResolver(new FilmService()),
      new FilmLinksResolver(new FilmLinksService(editing, histories)),
    ],
    orphanedTypes: [Film],
    references: {
      Person: resolvePersonReference,
      Genre: resolveGenreReference,
      Film: resolveFilmReference,
    },
    degraded: () => (deps.search.degraded ? ['search'] : []),
    context: createContext({
      persons,
      genres: genreService,
      filmGenres: genres,
      credits: new CreditRepository(prisma),
      links: new FilmLinksStateRepository(prisma),
      audit: new AuditRepository(prisma),
    }),
  })
}
