import { DependencyError } from '@cinegraph/kit/errors'
import type { SubgraphAnswer } from '@cinegraph/kit/graphql/subgraph'

/** A subgraph request as it crosses a process border, and how long its answer is waited for. */
export interface SubgraphCall {
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body: string
  readonly signal: AbortSignal
  /** Whether asking twice does no harm: true for queries, false for mutations. */
  readonly repeatable: boolean
}

/** Brings calls to one subgraph. `send` rejects when no answer came, and as soon as the call's signal aborts. */
export interface Transport {
  send(call: SubgraphCall): Promise<SubgraphAnswer>
  close(): Promise<void>
}

export type FailureKind = 'timeout' | 'unreachable' | 'invalid' | 'abandoned'

/** A subgraph owes us an answer. Clients see SERVICE_UNAVAILABLE; the log sees the subgraph and the cause. */
export class SubgraphFailure extends DependencyError {
  constructor(
    subgraph: string,
    readonly kind: FailureKind,
    { reason, cause }: { reason: string; cause?: unknown },
  ) {
    super(`subgraph ${subgraph}`, reason, { cause })
  }
}
