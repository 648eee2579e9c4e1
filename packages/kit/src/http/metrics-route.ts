import { BlockList, isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from '../metrics.js'

/** By these a proxy says that somebody else asks. */
const PROXIED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

const NEAR = new BlockList()
NEAR.addSubnet('127.0.0.0', 8)
NEAR.addSubnet('10.0.0.0', 8)
NEAR.addSubnet('172.16.0.0', 12)
NEAR.addSubnet('192.168.0.0', 16)
NEAR.addAddress('::1', 'ipv6')
NEAR.addSubnet('fc00::', 7, 'ipv6')

/**
 * `/metrics` for who asks from this machine or a private network by themselves. Numbers that change with a request tell
 * what its answer does not, so for everybody else there is no such page.
 */
export function registerMetrics(app: FastifyInstance, metrics: Registry): void {
  app.get('/metrics', async (request, reply) => {
    if (!isNear(request)) {
      reply.callNotFound()
      return reply
    }
    reply.type(metrics.contentType)
    return metrics.metrics()
  })
}

/** By the connection itself: `trustProxy` has no say in it. */
function isNear({ raw, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = raw.socket
  if (PROXIED.some((name) => headers[name] !== undefined)) return false
  return NEAR.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4')
}
