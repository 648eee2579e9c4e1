import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { refusalOf } from '@cinegraph/kit/graphql/errors'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { VIEWER_HEADER, type VerifyViewer } from '@cinegraph/kit/identity'
import { MAX_REVOCATIONS_WAIT, type RevocationFeed } from '@cinegraph/kit/revocations'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import type { Feed } from './revocation-feed.js'

export const REVOCATIONS_PATH = '/internal/revocations'

const question = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'is not a cursor of this feed')
    .transform(BigInt)
    .optional(),
  wait: z.coerce.number('must be a number of seconds').min(0).default(0),
})

export interface RevocationsRouteOptions {
  feed: Pick<Feed, 'read'>
  /** For the audience REVOCATIONS_AUDIENCE: whoever the viewer is, a gateway signed it. */
  verifyFeed: VerifyViewer
}

/**
 * GET `/internal/revocations?after=CURSOR&wait=SECONDS`, as `@cinegraph/kit/revocations` says. Only for gateways: 401
 * without their signature. 400 for a cursor of another feed, 503 while the database is away.
 */
export const revocationsRoute =
  ({ feed, verifyFeed }: RevocationsRouteOptions): Subgraph['publicRoutes'] =>
  async (app) => {
    const stopping = new AbortController()
    app.addHook('preClose', async () => stopping.abort())
    app.get(REVOCATIONS_PATH, async (request, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const signal = AbortSignal.any([gone.signal, stopping.signal])
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
      try {
        return await answer(request, signal)
      } catch (error) {
        if (!(error instanceof AppError || error instanceof DependencyError)) throw error
        request.log.warn({ err: error }, 'revocations refused')
        const { status, body } = refusalOf(error, request.id)
        return reply.code(status).send(body)
      }
    })
    async function answer(
      { headers, query }: { headers: Record<string, unknown>; query: unknown },
      signal: AbortSignal,
    ): Promise<RevocationFeed> {
      const signature = headers[VIEWER_HEADER]
      await verifyFeed(typeof signature === 'string' ? signature : undefined)
      const { after, wait } = validate(question, query, 'query')
      const waitMs = Math.min(wait, MAX_REVOCATIONS_WAIT) * 1000
      return feed.read({ after, waitMs, signal })
    }
  }
