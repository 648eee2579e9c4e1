import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createRedisMetrics } from '@cinegraph/engines/redis/metrics'
import { Registry } from '@cinegraph/kit/metrics'
import { expect, test } from 'vitest'
import { ROOT } from '../src/paths.js'

const read = (file: string) => readFile(path.join(ROOT, file), 'utf8')

/** Names that are put together when the metrics are made. */
function metricsOfRedis(): string[] {
  const registry = new Registry()
  for (const use of ['cache', 'counters']) createRedisMetrics({ registry, use, isUp: () => true })
  return registry.getMetricsAsArray().map(({ name }) => name)
}

test('operations.md names every metric', async () => {
  const folders = '{packages/engines,gateway,subgraphs/*,workers/*}/src/**/*.ts'
  const files = globSync(folders, { cwd: ROOT }).filter(
    (file) => !/\.(test|contract)\.ts$/.test(file),
  )
  const sources = await Promise.all(files.map(read))
  const metrics = sources.flatMap((text) => text.match(/(?<=')cinegraph_\w+(?=')/g) ?? [])
  const page = await read('docs/operations.md')
  const told = new Set(page.match(/cinegraph_\w+/g))
  // of a histogram it names what is counted
  const isTold = (name: string) => told.has(name) || told.has(`${name}_count`)
  expect(metrics).toContain('cinegraph_outbox_rows')
  expect([...metrics, ...metricsOfRedis()].filter((name) => !isTold(name))).toEqual([])
})
