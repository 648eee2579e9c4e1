import type { Client } from '@cinegraph/kit/client'
import type { AppError } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Answers } from './answers.js'

/** Cookies that cross the gateway. */
export interface ClientCookies {
  /** What the client sent, by name, of what may pass. */
  readonly received: Readonly<Record<string, string>>
  /** `Set-Cookie` headers of the answer. */
  readonly toSet: string[]
}

/** What one client request carries through the gateway. */
export interface GatewayContext {
  readonly viewer: Viewer
  /** Why the access token in the client's cookie does not count; then the viewer is anonymous. */
  readonly refusal?: AppError | undefined
  /** Whether the request has an `Authorization` header or a cookie: its answer is for this client alone. */
  readonly personal: boolean
  readonly requestId: string
  readonly log: Logger
  /** Headers that every subgraph call repeats: the request's id and its trace. */
  readonly forwarded: Readonly<Record<string, string>>
  /** Who sends the request, as far as that can be seen. */
  readonly client: Client
  readonly cookies: ClientCookies
  /** When the client has to have its answer, in milliseconds of `performance.now()`. */
  readonly deadline: number
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal
  /** What subgraphs have answered so far. */
  readonly answers: Answers
}
