import type { ApolloServerPlugin } from '@apollo/server'
import type { Viewer } from '@cinegraph/kit/identity'
import { Counter, Gauge, Histogram, type Registry } from '@cinegraph/kit/metrics'
import type { GatewayContext } from './execution/context.js'
import type { FailureKind } from './subgraphs/transport.js'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

// clients choose operation names, so they must be bounded in number and length; the others are counted together
const MAX_OPERATION_NAMES = 200
const MAX_NAME_LENGTH = 64

export type CallOutcome = 'ok' | 'errors' | FailureKind

export interface GatewayMetrics {
  /** Starts timing a call; the returned function ends it with its outcome. */
  startSubgraphCall(subgraph: string): (outcome: CallOutcome) => void
  countRetry(subgraph: string): void
  /** Fields that a viewer of this kind asked for and may not have. */
  countUnauthorized(viewer: Viewer['kind'], fields: number): void
  /** Times each operation by name and outcome: `ok`, `partial` (data and errors) or `error`. */
  readonly plugin: ApolloServerPlugin<GatewayContext>
}

export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const calls = new Histogram({
    name: 'cinegraph_gateway_subgraph_duration_seconds',
    help: 'Calls to subgraphs by outcome: ok, errors, timeout, unreachable, invalid, abandoned',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  })
  const retries = new Counter({
    name: 'cinegraph_gateway_subgraph_retries_total',
    help: 'Reads asked a second time because a kept-alive connection was broken',
    labelNames: ['subgraph'],
    registers: [registry],
  })
  const unauthorized = new Counter({
    name: 'cinegraph_gateway_unauthorized_fields_total',
    help: 'Fields that operations asked for and did not get, by viewer: anonymous, user',
    labelNames: ['viewer'],
    registers: [registry],
  })
  return {
    startSubgraphCall(subgraph) {
      const end = calls.startTimer({ subgraph })
      return (outcome) => void end({ outcome })
    },
    countRetry: (subgraph) => retries.inc({ subgraph }),
    countUnauthorized: (viewer, fields) => unauthorized.inc({ viewer }, fields),
    plugin: operationsPlugin(registry),
  }
}

/** Starts to show what is known of revocations; the returned function counts a question that was not answered well. */
export function createRevocationMetrics(
  registry: Registry,
  known: { inForce: () => number; secondsSinceContact: () => number },
): { countFailure: () => void } {
  new Gauge({
    name: 'cinegraph_gateway_revocations',
    help: 'Revocations of access tokens in force',
    registers: [registry],
    collect() {
      this.set(known.inForce())
    },
  })
  new Gauge({
    name: 'cinegraph_gateway_revocations_contact_age_seconds',
    help: 'Since the last answer of the feed of revocations; a feed without news answers every 25 s',
    registers: [registry],
    collect() {
      this.set(known.secondsSinceContact())
    },
  })
  const failures = new Counter({
    name: 'cinegraph_gateway_revocations_failures_total',
    help: 'Questions to the feed of revocations that were not answered, or not well',
    registers: [registry],
  })
  return { countFailure: () => failures.inc() }
}

function operationsPlugin(registry: Registry): ApolloServerPlugin<GatewayContext> {
  const operations = new Histogram({
    name: 'cinegraph_gateway_operation_duration_seconds',
    help: 'Client operations by name and outcome: ok, partial (data and errors), error',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  })
  const label = boundedNames()
  return {
    async requestDidStart() {
      const end = operations.startTimer()
      return {
        async willSendResponse({ operation, response }) {
          if (response.body.kind !== 'single') return
          const { data, errors } = response.body.singleResult
          const outcome = !errors ? 'ok' : data ? 'partial' : 'error'
          end({ operation: operation ? label(operation.name?.value) : 'invalid', outcome })
        },
      }
    },
  }
}

function boundedNames(): (name: string | undefined) => string {
  const known = new Set<string>()
  return (name = 'anonymous') => {
    if (known.has(name)) return name
    if (known.size >= MAX_OPERATION_NAMES || name.length > MAX_NAME_LENGTH) return 'other'
    known.add(name)
    return name
  }
}
