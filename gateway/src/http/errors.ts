import { refuseRequest } from '@cinegraph/kit/graphql/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { JSON_RESPONSE, responseType } from './media-type.js'

/** A request refused before it reached GraphQL. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal'
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message)
  }
}

/** Answers what goes wrong outside GraphQL in GraphQL's own form: bodies, media types, tokens, key sources. */
export const errorHandler =
  (log: Logger) =>
  async (error: FastifyError | HttpRefusal, request: FastifyRequest, reply: FastifyReply) => {
    const identified = { requestId: request.id, log: log.child({ requestId: request.id }) }
    const refused = clientFault(error)
    const { status, body } = refuseRequest(refused ?? error, identified)
    if (status === 401) {
      reply.header('www-authenticate', 'Bearer error="invalid_token"')
      // an operator has to learn that it is the issuer, the audience, the key
      identified.log.debug({ cause: String(error.cause) }, 'token was refused')
    }
    return reply
      .code(refused ? error.statusCode! : status)
      .header('cache-control', 'no-store')
      .type(responseType(request.headers.accept) ?? JSON_RESPONSE)
      .send(body)
  }

function clientFault({
  statusCode,
  message,
}: FastifyError | HttpRefusal): GraphQLError | undefined {
  if (statusCode === undefined || statusCode < 400 || statusCode > 499) return undefined
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })
}
