import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import {
  type AuditCountLoader,
  type AuditLoader,
  createAuditCountLoader,
  createAuditLoader,
} from './editing/audit.loader.js'
import type { AuditRepository } from './editing/audit.repository.js'
import {
  createFilmLinksVersionLoader,
  type FilmLinksVersionLoader,
} from './film/film-links-version.loader.js'
import type { FilmLinksVersionRepository } from './film/film-links-version.repository.js'
import {
  type CreditCountLoader,
  createCreditCountLoader,
  createCreditLoader,
  type CreditLoader,
} from './credits/credit.loader.js'
import type { CreditRepository } from './credits/credit.repository.js'
import {
  createFilmGenreLoader,
  createGenreLoader,
  type FilmGenreLoader,
  type GenreLoader,
} from './genres/genre.loader.js'
import type { GenreRepository } from './genres/genre.repository.js'
import type { GenreService } from './genres/genre.service.js'
import { createPersonLoader, type PersonLoader } from './persons/person.loader.js'
import type { PersonRepository } from './persons/person.repository.js'

export interface PeopleLoaders {
  readonly person: PersonLoader
  readonly genre: GenreLoader
  readonly filmGenres: FilmGenreLoader
  readonly credits: CreditLoader
  readonly creditCounts: CreditCountLoader
  readonly linksVersions: FilmLinksVersionLoader
  readonly audit: AuditLoader
  readonly auditCounts: AuditCountLoader
}

export interface PeopleContext extends RequestContext {
  readonly loaders: PeopleLoaders
}

interface Sources {
  persons: PersonRepository
  genres: GenreService
  filmGenres: GenreRepository
  credits: CreditRepository
  linksVersions: FilmLinksVersionRepository
  audit: AuditRepository
}

/** Loaders are per request: what one viewer's request read is never another's. */
export const createContext =
  (sources: Sources) =>
  (request: RequestContext): PeopleContext => ({
    ...request,
    loaders: {
      person: createPersonLoader(sources.persons),
      genre: createGenreLoader(sources.genres, request.viewer),
      filmGenres: createFilmGenreLoader(sources.filmGenres),
      credits: createCreditLoader(sources.credits),
      creditCounts: createCreditCountLoader(sources.credits),
      linksVersions: createFilmLinksVersionLoader(sources.linksVersions),
      audit: createAuditLoader(sources.audit),
      auditCounts: createAuditCountLoader(sources.audit),
    },
  })
