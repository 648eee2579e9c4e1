import type { FastifyInstance } from 'fastify'
import type { KeySource } from '../identity/key-source.js'

/** Publishes the keys of access tokens, which the identity service itself does not show to the world. */
export function registerJwks(scope: FastifyInstance, keys: KeySource): void {
  scope.get('/.well-known/jwks.json', async (_request, reply) => {
    const set = await keys.all()
    return reply.header('cache-control', 'public, max-age=60').type('application/json').send(set)
  })
}
