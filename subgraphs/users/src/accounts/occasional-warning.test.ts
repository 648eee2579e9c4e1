import { memoryLog } from '@cinegraph/testkit/log'
import { expect, it } from 'vitest'
import { createOccasional } from './occasional-warning.js'

it('warns once a minute, however often, and says how often', () => {
  const { log, lines } = memoryLog()
  let time = 0
  const warn = createOccasional(log, () => new Date(time))
  for (let i = 0; i < 1_000; i++) warn('too many')
  time = 60_000
  for (let i = 0; i < 1_000; i++) warn('too many')
  const told = lines.map((it) => ({ often: it['often'], msg: it['msg'] }))
  expect(told).toEqual([
    { often: 1, msg: 'too many' },
    { often: 1_000, msg: 'too many' },
  ])
})
