import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Client } from '@cinegraph/kit/client'
import { AppError } from '@cinegraph/kit/errors'
import { networkOf } from '../authentication/client-network.js'

/** Flows that may be begun from one address within `windowMs`, which is how long the first of them is kept. */
export const MAX_FLOWS = 100

export type FlowLimit = (client: Client) => Promise<void>

/** Anyone may begin a flow, and each takes room. Throws RATE_LIMITED. */
export function createFlowLimit(
  counters: Pick<Counters, 'increment'>,
  windowMs: number,
): FlowLimit {
  return async ({ address }) => {
    const network = networkOf(address)
    if (network === undefined) return
    const { count, expiresInMs } = await counters.increment(`social-flow:${network}`, { windowMs })
    if (count <= MAX_FLOWS) return
    const retryAfterSeconds = Math.ceil(expiresInMs / 1000)
    const message = `Too many sign-ins were begun. Try again in ${retryAfterSeconds} seconds.`
    throw new AppError('RATE_LIMITED', message, { retryAfterSeconds })
  }
}
