import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type DocumentNode, Kind, OperationTypeNode } from 'graphql'
import { GraphQLClient } from 'graphql-request'
import { CinegraphError, errorOf } from './errors.js'
import {
  type AccountFragment,
  LogInDocument,
  LogOutDocument,
  RefreshSessionDocument,
  RegisterDocument,
  type RegisterInput,
  type RegisterMutation,
  type TokenDelivery,
} from './generated/operations.js'
import { type Fetch, persistedFetch } from './persisted-documents.js'
import { memoryStorage, type SessionStorage, type StoredSession } from './session-storage.js'
import { Sessions } from './sessions.js'

export interface CinegraphClientOptions {
  /** The GraphQL endpoint, e.g. `https://cinema.example/graphql`. */
  url: string
  fetch?: Fetch
  /**
   * Where the tokens are. `bearer` (default): in `storage`, sent as a header; for mobile apps and Node. `cookies`: in
   * HttpOnly cookies that no script can read, and `storage` knows only that there is a session; for browsers, on an
   * origin that the server allows.
   */
  tokens?: 'bearer' | 'cookies'
  /** Where the session is kept; in memory by default. */
  storage?: SessionStorage
  /** The session has ended: show the log-in page. Called once, before the requests that found out go on without it. */
  onSignedOut?: () => void
  /** Whether to send ids instead of documents that the server knows; true by default. */
  persistedDocuments?: boolean
  /** Milliseconds since 1970; the device's clock by default. */
  now?: () => number
}

export interface RequestOptions {
  signal?: AbortSignal
}

/** Nothing to pass when the operation takes no variables, or only optional ones. */
type Variables<V> =
  Record<string, never> extends V
    ? [variables?: V, options?: RequestOptions]
    : [variables: V, options?: RequestOptions]

/** The account that was made, or why there is none. */
export type Registration =
  | { readonly outcome: 'registered'; readonly account: AccountFragment }
  | { readonly outcome: 'login-taken' }
  | { readonly outcome: 'weak-password'; readonly reason: WeakPassword['reason'] }
type WeakPassword = Extract<RegisterMutation['register'], { __typename: 'WeakPassword' }>

export interface CinegraphClient {
  /**
   * Runs an operation as whoever is logged in. Refreshes the session when needed and then repeats the request once. A query
   * that nothing came of, since the network or a server went away, is sent once more; a mutation never, it may have happened.
   * Rejects with a CinegraphError when any part of the answer failed; its `data` holds the rest.
   */
  request<R, V extends object>(document: TypedDocumentNode<R, V>, ...args: Variables<V>): Promise<R>
  /** Rejects with UNAUTHENTICATED when the login or the password is wrong. */
  logIn(login: string, password: string): Promise<AccountFragment>
  /** Makes an account and logs it in. */
  register(input: RegisterInput): Promise<Registration>
  /**
   * Ends the session, also when its access token has expired. Forgets it here in any case; rejects when the server could
   * not be told.
   */
  logOut(): Promise<void>
}

export function createCinegraphClient(options: CinegraphClientOptions): CinegraphClient {
  const { fetch = globalThis.fetch, persistedDocuments = true, tokens = 'bearer' } = options
  const delivery: TokenDelivery = tokens === 'cookies' ? 'COOKIE' : 'BODY'
  const graphql = new GraphQLClient(options.url, {
    fetch: persistedDocuments ? persistedFetch(fetch) : fetch,
    credentials: tokens === 'cookies' ? 'include' : 'omit',
  })

  type SendOptions = RequestOptions & { session?: StoredSession | undefined }
  const sendOnce = async <R, V extends object>(
    document: TypedDocumentNode<R, V>,
    variables: V,
    { session, signal }: SendOptions,
  ): Promise<R> => {
    try {
      return await graphql.request<R>({
        document,
        variables,
        ...(session?.tokens && {
          requestHeaders: { authorization: `Bearer ${session.tokens.access}` },
        }),
        ...(signal && { signal }),
      })
    } catch (error) {
      throw errorOf(error)
    }
  }
  const send = async <R, V extends object>(
    document: TypedDocumentNode<R, V>,
    variables: V,
    sendOptions: SendOptions = {},
  ): Promise<R> => {
    try {
      return await sendOnce(document, variables, sendOptions)
    } catch (error) {
      if (!isQuery(document) || !isUnanswered(error)) throw error
      return sendOnce(document, variables, sendOptions)
    }
  }

  const sessions = new Sessions({
    storage: options.storage ?? memoryStorage(),
    refresh: async (refreshToken) =>
      (await send(RefreshSessionDocument, { refreshToken, delivery })).refreshSession,
    onSignedOut: () => options.onSignedOut?.(),
    now: options.now ?? Date.now,
  })

  return {
    async request(document, ...[variables, requestOptions]) {
      const session = await sessions.current()
      const sendAs = (as: StoredSession | undefined) =>
        send(document, variables ?? ({} as never), { ...requestOptions, session: as })
      try {
        return await sendAs(session)
      } catch (error) {
        // cookies may hold a session that began before this page did
        const mayRenew = session !== undefined || tokens === 'cookies'
        const renewed = mayRenew && isRefused(error) ? await sessions.renew(session) : undefined
        if (!renewed) throw error
        return sendAs(renewed)
      }
    },
    async logIn(login, password) {
      const { logIn } = await send(LogInDocument, { input: { login, password }, delivery })
      await sessions.begin(logIn)
      return logIn.user
    },
    async register(input) {
      const { register } = await send(RegisterDocument, { input, delivery })
      switch (register.__typename) {
        case 'Session':
          await sessions.begin(register)
          return { outcome: 'registered', account: register.user }
        case 'LoginTaken':
          return { outcome: 'login-taken' }
        case 'WeakPassword':
          return { outcome: 'weak-password', reason: register.reason }
      }
    },
    async logOut() {
      const session = await sessions.forget()
      if (!session && tokens === 'bearer') return
      const endAs = (as: StoredSession | undefined) => send(LogOutDocument, {}, { session: as })
      try {
        await endAs(session)
      } catch (error) {
        if (!isRefused(error)) throw error
        // the access token may have expired while the session lives
        const renewed = await sessions.exchange(session)
        if (renewed) await endAs(renewed)
      }
    },
  }
}

const isQuery = ({ definitions }: DocumentNode) =>
  definitions.every(
    (it) => it.kind !== Kind.OPERATION_DEFINITION || it.operation === OperationTypeNode.QUERY,
  )

/** Nothing came of it, and it was not told to wait. */
const isUnanswered = (error: unknown) =>
  error instanceof CinegraphError &&
  (error.code === 'NETWORK_ERROR' || error.code === 'SERVICE_UNAVAILABLE') &&
  error.data === undefined &&
  error.retryAfterSeconds === undefined

/** The token was not accepted, so nothing has run and a mutation may be repeated too. */
const isRefused = (error: unknown) =>
  error instanceof CinegraphError && error.code === 'UNAUTHENTICATED' && error.data === undefined
