import { describe } from 'vitest'
import { describeCursors } from './contract/cursors.contract.js'
import { describeFilters } from './contract/filters.contract.js'
import { describeHostile } from './contract/hostile.contract.js'
import { describeSuggest } from './contract/suggest.contract.js'
import { describeText } from './contract/text.contract.js'
import { describeVersions } from './contract/versions.contract.js'
import type { SearchIndex } from './search-index.js'

/** What every adapter of SearchIndex promises. `open` gives a started, empty index; the one it gave before is used no more. */
export function describeSearchIndex(name: string, open: () => Promise<SearchIndex>): void {
  describe(name, () => {
    describeText(open)
    describeSuggest(open)
    describeFilters(open)
    describeCursors(open)
    describeVersions(open)
    describeHostile(open)
  })
}
