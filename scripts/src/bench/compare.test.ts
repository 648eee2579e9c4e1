import { expect, test } from 'vitest'
import { compare, describeComparison } from './compare.js'

const contender = (name: string, answer: unknown = 1) => ({ name, run: async () => answer })

test('the two run in turn, and which comes first changes', async () => {
  const calls: string[] = []
  const noting = (name: string) => ({
    name,
    run: async () => {
      calls.push(name)
    },
  })
  await compare({ baseline: noting('a'), candidate: noting('b'), rounds: 4, warmUp: 0 })
  expect(calls.join('')).toBe('abbaabba')
})

test('answers that differ are no measurement', async () => {
  const pair = { baseline: contender('raw'), candidate: contender('ours', 2) }
  await expect(compare({ ...pair, rounds: 1 })).rejects.toThrow('ours and raw answer differently')
})

test('the report names both sides', async () => {
  const pair = { baseline: contender('raw'), candidate: contender('ours') }
  const text = describeComparison('reading', await compare({ ...pair, rounds: 3 }))
  expect(text).toMatch(/^reading\n {2}raw .* p50 .*\n {2}ours .* p99 .*\n.*ratio/)
})
