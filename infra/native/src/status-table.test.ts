import { expect, test } from 'vitest'
import type { RunningServer } from './server.js'
import { describeStatus } from './status-table.js'

const running: RunningServer = {
  ...{ name: 'redis', version: '7.0.15', port: 6379, phase: 'runs', pid: 17 },
  ...{ url: 'redis://:secret@127.0.0.1:6379/0', memory: 12 * 1024 * 1024 },
  since: new Date(2026, 0, 2, 3, 4, 5),
}

test('a line for each server, without its password', () => {
  const table = describeStatus([
    running,
    { ...running, name: 'kafka', problem: 'no answer' },
    { name: 'postgres', version: '18', port: 5432, phase: 'died' },
    { name: 'elasticsearch', phase: 'never started' },
  ])
  expect(table).toBe(
    [
      '               version  process  port  memory  up since',
      'redis          7.0.15   17       6379  12 MB   2026-01-02 03:04:05  healthy',
      'kafka          7.0.15   17       6379  12 MB   2026-01-02 03:04:05  does not serve: no answer',
      'postgres       18                5432                               died',
      'elasticsearch                                                       never started',
      '',
    ].join('\n'),
  )
})
