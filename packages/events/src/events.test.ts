import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { EVENTS } from './events.js'
import { TOPICS } from './topics.js'

test('each event has a file of its name, and every such file is one of the events', async () => {
  const files = await readdir(import.meta.dirname, { recursive: true })
  const names = files
    .map((file) => path.basename(file))
    .filter((file) => /\.v\d+\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ''))
  expect(EVENTS.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
})

test('each event goes to one of the topics', () => {
  for (const { topic } of EVENTS) expect(TOPICS).toContain(topic)
})

test('each topic has dead letters, under a name that no other has', () => {
  const names = TOPICS.flatMap(({ name, deadLetters }) => [name, deadLetters?.name])
  expect(new Set(names).size).toBe(2 * TOPICS.length)
  for (const { name, deadLetters } of TOPICS) {
    expect(deadLetters).toMatchObject({ name: `${name}.dlq`, partitions: 1 })
  }
})
