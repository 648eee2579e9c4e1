import { describe } from 'vitest'
import type { EventLogAdapter } from './contract/adapter.contract.js'
import { describeAppend } from './contract/append.contract.js'
import { describeConsume } from './contract/consume.contract.js'
import { describeDeadLetters } from './contract/dead-letters.contract.js'
import { describeGroups } from './contract/groups.contract.js'
import { describeRewind } from './contract/rewind.contract.js'

/** What every adapter of EventLog promises. */
export function describeEventLog(name: string, adapter: EventLogAdapter): void {
  describe(name, () => {
    describeAppend(adapter)
    describeConsume(adapter)
    describeGroups(adapter)
    describeDeadLetters(adapter)
    describeRewind(adapter)
  })
}
