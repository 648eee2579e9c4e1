import { ApolloServer } from '@apollo/server'
import { createMetrics } from '@cinegraph/kit/metrics'
import { expect, it } from 'vitest'
import type { GatewayContext } from './execution/context.js'
import { createGatewayMetrics } from './metrics.js'

it('clients cannot make up operation names without end, nor endless ones', async () => {
  const registry = createMetrics()
  const { plugin } = createGatewayMetrics(registry)
  const server = new ApolloServer<GatewayContext>({
    typeDefs: 'type Query { a: Int }',
    plugins: [plugin],
  })
  const long = 'Q'.repeat(65)
  await server.executeOperation({ query: `query ${long} { a }` }, { contextValue: {} as never })
  expect(await registry.metrics()).not.toContain(long)
  for (let index = 0; index < 250; index += 1) {
    await server.executeOperation({ query: `query Q${index} { a }` }, { contextValue: {} as never })
  }
  await server.executeOperation({ query: '{ nothing }' }, { contextValue: {} as never })
  const text = await registry.metrics()
  const count = /_operation_duration_seconds_count\{operation="(\w+)"/g
  const names = [...text.matchAll(count)].map(([, name]) => name)
  expect(names).toHaveLength(202)
  expect(names).toContain('other')
  expect(names).toContain('invalid')
})
