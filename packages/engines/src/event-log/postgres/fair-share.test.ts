import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fairShare } from './fair-share.js'

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0)
const member = (id: string, ...topics: string[]) => ({ id, topics })

test('one consumer is due everything, and a stranger nothing', () => {
  const topics = [{ name: 'events', partitions: 12 }]
  const members = [member('a', 'events')]
  expect(fairShare({ members, topics, id: 'a' })).toEqual(new Map([['events', 12]]))
  expect(fairShare({ members, topics, id: 'b' })).toEqual(new Map())
})

test('topics of one partition are spread over the consumers', () => {
  const topics = ['a', 'b', 'c', 'd'].map((name) => ({ name, partitions: 1 }))
  const members = ['x', 'y'].map((id) => member(id, 'a', 'b', 'c', 'd'))
  for (const id of ['x', 'y']) {
    expect(sum(fairShare({ members, topics, id }).values())).toBe(2)
  }
})

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 })
const topicsOf = names.chain((all) =>
  fc.tuple(...all.map((name) => fc.record({ name: fc.constant(name), partitions: fc.nat(20) }))),
)

test('shares add up to all partitions, whoever reads what', () => {
  const membersOf = fc.uniqueArray(
    fc.record({ id: fc.uuid(), topics: fc.subarray(['a', 'b', 'c', 'd', 'e']) }),
    { selector: ({ id }) => id, maxLength: 7 },
  )
  fc.assert(
    fc.property(topicsOf, membersOf, (topics, members) => {
      for (const { name, partitions } of topics) {
        const shares = members.map(({ id }) => fairShare({ members, topics, id }).get(name) ?? 0)
        const read = members.some((it) => it.topics.includes(name))
        expect(sum(shares)).toBe(read ? partitions : 0)
      }
    }),
  )
})

test('consumers of the same topics are due the same, give or take one', () => {
  fc.assert(
    fc.property(topicsOf, fc.uniqueArray(fc.uuid(), { minLength: 1 }), (topics, ids) => {
      const members = ids.map((id) => member(id, ...topics.map(({ name }) => name)))
      const shares = ids.map((id) => sum(fairShare({ members, topics, id }).values()))
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }),
  )
})
