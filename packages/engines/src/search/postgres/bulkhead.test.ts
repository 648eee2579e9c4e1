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

it('runs as many as it may, and the others in their order', async () => {
  const { begun, run } = heldStatements()
  const limited = bulkhead(run, { running: 2, metrics: undefined })
  const answers = ['a', 'b', 'c', 'd'].map((sql) => limited(sql, []))
  await turn()
  expect(begun.map(({ sql }) => sql)).toEqual(['a', 'b'])
  begun[1]!.answer([{ of: 'b' }])
  expect(await answers[1]).toEqual([{ of: 'b' }])
  await turn()
  expect(begun.map(({ sql }) => sql)).toEqual(['a', 'b', 'c'])
})

it('goes on after a statement that failed', async () => {
  let left = 3
  const limited = bulkhead(() => Promise.reject(new Error(`${left--}`)), {
    running: 1,
    metrics: undefined,
  })
  const answers = await Promise.allSettled(['a', 'b', 'c'].map((sql) => limited(sql, [])))
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(left).toBe(0)
})

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
