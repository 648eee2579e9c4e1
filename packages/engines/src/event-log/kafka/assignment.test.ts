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

test('takes nothing from whom has it when somebody comes who would be due no more', () => {
  const holders = [member('m', { films: [3, 4, 5, 6] }), member('n', { films: [0, 1, 2] })]
  const seven = new Map([['films', [0, 1, 2, 3, 4, 5, 6]]])
  expect(assign(holders, seven)).toEqual(new Map(holders.map((it) => [it.id, it.held])))
  const one = new Map([['films', [0]]])
  const [holder, newcomer] = [member('m', { films: [0] }), member('a')]
  for (const group of [
    [holder, newcomer],
    [newcomer, holder],
  ]) {
    expect(assign(group, one).get('m')).toEqual({ films: [0] })
  }
})

test('spreads topics of one partition, also when one member has them all', () => {
  const topics = ['v', 'w', 'x', 'y']
  const held = Object.fromEntries(topics.map((it) => [it, [0]]))
  const partitions = new Map(topics.map((it) => [it, [0]]))
  const assigned = assign([member('a', {}, topics), member('b', held, topics)], partitions)
  expect([...assigned.values()].map((it) => Object.keys(it).length)).toEqual([2, 2])
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

test('gives those who read the same topics the same number, give or take one, and again the same to the same', () => {
  const names = ['x', 'y', 'z']
  const counts = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 8 }))
  const holdings = fc.array(fc.dictionary(fc.constantFrom(...names), fc.array(fc.nat(9))), {
    ...{ minLength: 1, maxLength: 5 },
  })
  fc.assert(
    fc.property(counts, holdings, (sizes, helds) => {
      const partitionsOf = new Map(
        Object.entries(sizes).map(([name, count]) => [name, [...Array(count).keys()]]),
      )
      const group = helds.map((held, index) => member(`member ${index}`, held, names))
      const assigned = assign(group, partitionsOf)
      const shares = [...assigned.values()].map((it) => Object.values(it).flat().length)
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      // in another order, as members are told in any
      const again = [...assigned].toReversed().map(([id, held]) => member(id, held, names))
      expect(assign(again, partitionsOf)).toEqual(assigned)
    }),
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
