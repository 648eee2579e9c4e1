import type { Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Answers } from './answers.js'

/** What one client request carries through the gateway. */
export interface GatewayContext {
  readonly viewer: Viewer
  readonly requestId: string
  readonly log: Logger
  /** Headers that every subgraph call repeats: the request's id and its trace. */
  readonly forwarded: Readonly<Record<string, string>>
  /** When the client has to have its answer, in milliseconds of `performance.now()`. */
  readonly deadline: number
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal
  /** What subgraphs have answered so far. */
  readonly answers: Answers
}
