import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Client } from '@cinegraph/kit/client'
import { networksOf } from '../limits/client-network.js'
import { createRateLimit } from '../limits/rate-limit.js'

/** Flows that may be begun from one address within `windowMs`, which is how long the first of them is kept. */
export const MAX_FLOWS = 100

export type FlowLimit = (client: Client) => Promise<void>

/** Anyone may begin a flow, and each takes room. Throws RATE_LIMITED. */
export function createFlowLimit(
  counters: Pick<Counters, 'increment'>,
  windowMs: number,
): FlowLimit {
  const limit = createRateLimit({ counters, name: 'social-flow', most: MAX_FLOWS, windowMs })
  return ({ address }) => limit(networksOf(address))
}
