export type { TypedDocumentNode } from '@graphql-typed-document-node/core'
export {
  type CinegraphClient,
  type CinegraphClientOptions,
  createCinegraphClient,
  type Registration,
  type RequestOptions,
} from './client.js'
export {
  type ArgumentProblem,
  CinegraphError,
  type CinegraphErrorCode,
  type CinegraphProblem,
} from './errors.js'
export * from './generated/operations.js'
export {
  memoryStorage,
  type SessionStorage,
  type StoredSession,
  type WebStorage,
  webStorage,
} from './session-storage.js'
