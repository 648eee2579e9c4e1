import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import {
  type AuditCountLoader,
  type AuditLoader,
  createAuditCountLoader,
  createAuditLoader,
} from './editing/audit.loader.js'
import type { AuditRepository } from './editing/audit.repository.js'
import { createFilmLinksLoader, type FilmLinksLoader } from './film/film-links-state.loader.js'
import type { FilmLinksStateRepository } from './film/film-links-state.repository.js'
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
  readonly links: FilmLinksLoader
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
  links: FilmLinksStateRepository
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
      links: createFilmLinksLoader(sources.links),
      audit: createAuditLoader(sources.audit),
      auditCounts: createAuditCountLoader(sources.audit),
    },
  })
