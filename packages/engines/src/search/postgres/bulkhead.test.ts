import { DependencyError } from '@cinegraph/kit/errors'
import { createMetrics } from '@cinegraph/kit/metrics'
import { expect, it } from 'vitest'
import { bulkhead } from './bulkhead.js'
import type { Run } from './connection.js'

/** Statements under way, in the order in which they began, until they are answered. */
function heldStatements() {
  const begun: { sql: string; answer: (rows: object[]) => void }[] = []
  const run: Run = (sql) =>
    new Promise((answer) => begun.push({ sql, answer: answer as (rows: object[]) => void }))
  return { begun, run }
}

const turn = () => new Promise(setImmediate)

it('refuses when too many wait, and says how many do', async () => {
  const { begun, run } = heldStatements()
  const metrics = createMetrics()
  const limited = bulkhead(run, { running: 1, metrics })
  const answers = Array.from({ length: 21 }, (_, index) => limited(`${index}`, []))
  await turn()
  expect(await metrics.getSingleMetricAsString('cinegraph_search_postgres_waiting')).toMatch(
    /^cinegraph_search_postgres_waiting 20$/m,
  )
  await expect(limited('one more', [])).rejects.toThrow(DependencyError)
  for (const [index, answer] of answers.entries()) {
    begun[index]!.answer([])
    await answer
    await turn()
  }
  expect(begun).toHaveLength(21)
})
