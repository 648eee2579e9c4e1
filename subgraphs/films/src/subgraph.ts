import type { Cache } from '@cinegraph/engines/cache/cache'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { type Clock, systemClock } from '@cinegraph/kit/clock'
import { createSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createContext } from './context.js'
import { BulkEditingService } from './editing/bulk-editing.service.js'
import { FilmEditRepository } from './editing/film-edit.repository.js'
import { FilmEditingResolver } from './editing/film-editing.resolver.js'
import { FilmEditingService } from './editing/film-editing.service.js'
import { SeasonEditingResolver } from './editing/season-editing.resolver.js'
import { resolveFilmReference } from './films/film.reference.js'
import { FilmRepository } from './films/film.repository.js'
import { FilmResolver } from './films/film.resolver.js'
import { FilmService } from './films/film.service.js'
import { resolveGenreReference } from './genres/genre.reference.js'
import { GenreResolver } from './genres/genre.resolver.js'
import { DeletedFilmRepository } from './history/deleted-film.repository.js'
import { FilmAuditRepository } from './history/film-audit.repository.js'
import { FilmHistoryService } from './history/film-history.service.js'
import { FilmStateResolver } from './history/film-state.resolver.js'
import { FilmographyResolver } from './people/filmography.resolver.js'
import { FilmographyService } from './people/filmography.service.js'
import { resolvePersonReference } from './people/person.reference.js'
import { PersonResolver } from './people/person.resolver.js'
import { HiddenRecommendationRepository } from './recommendations/hidden-recommendation.repository.js'
import { HiddenRecommendationResolver } from './recommendations/hidden-recommendation.resolver.js'
import { HiddenRecommendationService } from './recommendations/hidden-recommendation.service.js'
import {
  RecommendationReasonResolver,
  RecommendationResolver,
  SimilarFilmResolver,
} from './recommendations/recommendation.resolver.js'
import { RecommendationService } from './recommendations/recommendation.service.js'
import { createFilmSchedule } from './schedule/film-schedule.js'
import { CatalogueReader } from './search/catalogue-reader.js'
import { FilmSearchResolver } from './search/film-search.resolver.js'
import { SuggestionResolver } from './search/suggestion.resolver.js'
import { SuggestionService } from './search/suggestion.service.js'
import { resolveEpisodeReference } from './seasons/episode.reference.js'
import { EpisodeResolver } from './seasons/episode.resolver.js'
import { SeasonRepository } from './seasons/season.repository.js'
import { SeasonResolver } from './seasons/season.resolver.js'

export interface FilmsDependencies {
  postgres: Pick<Postgres, 'prisma'>
  search: SearchIndex
  cache: Cache
  log: Logger
  metrics: Registry
  verifyViewer: VerifyViewer
  now?: Clock
  /** Milliseconds from one look for scheduled films that are due to the next. */
  scheduleEveryMs?: number
}

/** Films and all lists and counts of them. The engines are not touched before `start()`. */
export function createFilmsSubgraph(dependencies: FilmsDependencies): Promise<Subgraph> {
  const { postgres, search, cache, log, metrics, verifyViewer } = dependencies
  const { now = systemClock, scheduleEveryMs: everyMs = 1_000 } = dependencies
  const { prisma } = postgres
  const films = new FilmRepository(prisma)
  const catalogue = new CatalogueReader({ search, cache, films })
  const service = new FilmService(catalogue)
  const hidden = new HiddenRecommendationRepository(prisma)
  const recommendations = new RecommendationService(catalogue, hidden)
  const edits = new FilmEditRepository(prisma)
  const editing = new FilmEditingService(edits, now, catalogue)
  return createSubgraph({
    name: 'films',
    log,
    verifyViewer,
    context: createContext({
      ...{ catalogue, films },
      audit: new FilmAuditRepository(prisma),
      seasons: new SeasonRepository(prisma),
    }),
    resolvers: [
      new FilmResolver(service),
      new FilmStateResolver(new FilmHistoryService(new DeletedFilmRepository(prisma))),
      new FilmEditingResolver(editing, new BulkEditingService(editing, log)),
      new SeasonEditingResolver(editing),
      new SeasonResolver(),
      new EpisodeResolver(),
      new FilmSearchResolver(service),
      new SimilarFilmResolver(recommendations),
      new RecommendationResolver(recommendations),
      new RecommendationReasonResolver(),
      new HiddenRecommendationResolver(new HiddenRecommendationService(hidden)),
      new SuggestionResolver(new SuggestionService(catalogue)),
      new PersonResolver(new FilmographyService(service)),
      new FilmographyResolver(),
      new GenreResolver(service),
    ],
    references: {
      Film: resolveFilmReference,
      Episode: resolveEpisodeReference,
      Person: resolvePersonReference,
      Genre: resolveGenreReference,
    },
    degraded: () => (search.degraded ? ['search'] : []),
    services: [createFilmSchedule({ edits, editing, log, metrics, now, everyMs })],
  })
}
