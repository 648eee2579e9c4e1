import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assign, type GroupMember, type Partitions } from './assignment.js'

const member = (id: string, held: Partitions = {}, topics = ['films']): GroupMember => ({
  ...{ id, topics, held },
})
const films = new Map([['films', [0, 1, 2, 3, 4, 5]]])

test('shares equally', () => {
  const sizes = ['a', 'b', 'c', 'd'].map((id) => member(id))
  const assigned = assign(sizes, films)
  expect([...assigned.values()].map((it) => it['films']!.length)).toEqual([2, 2, 1, 1])
})

test('leaves to each what it has, as far as that is fair', () => {
  const assigned = assign(
    [member('a', { films: [0, 1, 2, 3, 4, 5] }), member('b'), member('c')],
    films,
  )
  expect(assigned.get('a')).toEqual({ films: [0, 1] })
  const again = assign(
    [...assigned].map(([id, held]) => member(id, held)),
    films,
  )
  expect(again).toEqual(assigned)
})

test('gives nobody a topic whose offsets are being set, and nothing to who sets them', () => {
  const guest: GroupMember = { ...member('guest'), rewinding: 'films' }
  const topics = ['films', 'people']
  const assigned = assign(
    [member('a', { films: [0, 1] }, topics), member('b', {}, topics), guest],
    new Map([...films, ['people', [0, 1]]]),
  )
  expect(assigned).toEqual(
    new Map([
      ['a', { people: [0] }],
      ['b', { people: [1] }],
      ['guest', {}],
    ]),
  )
})

test('gives each partition to one of those who read its topic, whatever they say they have', () => {
  const names = ['x', 'y', 'z']
  const someTopics = fc.subarray(names, { minLength: 1 })
  const held = fc.dictionary(fc.constantFrom(...names), fc.array(fc.nat(9)))
  const members = fc
    .array(fc.record({ topics: someTopics, held }), { minLength: 1, maxLength: 5 })
    .map((all) => all.map((it, index) => ({ ...it, id: `member ${index}` })))
  const partitions = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 8 }))
  fc.assert(
    fc.property(members, partitions, (group, counts) => {
      const partitionsOf = new Map(
        Object.entries(counts).map(([name, count]) => [
          name,
          Array.from({ length: count }, (_, partition) => partition),
        ]),
      )
      const assigned = assign(group, partitionsOf)
      for (const [topic, all] of partitionsOf) {
        const given = [...assigned.values()].flatMap((it) => it[topic] ?? [])
        const isRead = group.some(({ topics }) => topics.includes(topic))
        expect(given.toSorted((a, b) => a - b)).toEqual(isRead ? all : [])
      }
      for (const { id, topics } of group) {
        expect(topics).toEqual(expect.arrayContaining(Object.keys(assigned.get(id)!)))
      }
    }),
  )
})
