import { describe } from 'vitest'
import type { SearchAdapter } from './contract/adapter.contract.js'
import { describeCursors } from './contract/cursors.contract.js'
import { describeDigests } from './contract/digests.contract.js'
import { describeFilmographies } from './contract/filmographies.contract.js'
import { describeFilters } from './contract/filters.contract.js'
import { describeHostile } from './contract/hostile.contract.js'
import { describeJudged } from './contract/judged.contract.js'
import { describeJudgedSimilar } from './contract/judged-similar.contract.js'
import { describePersonNumbers } from './contract/person-numbers.contract.js'
import { describeRebuild } from './contract/rebuild.contract.js'
import { describeReleases } from './contract/releases.contract.js'
import { describeSimilar } from './contract/similar.contract.js'
import { describeSuggest } from './contract/suggest.contract.js'
import { describeText } from './contract/text.contract.js'
import { describeVersions } from './contract/versions.contract.js'

/** What every adapter of SearchIndex promises. */
export function describeSearchIndex(name: string, { open, clear, relevance }: SearchAdapter): void {
  const openEmpty = async () => {
    await clear()
    return open()
  }
  // over a network and beside others a test of many steps takes its time
  describe(name, { timeout: 120_000 }, () => {
    describeText(openEmpty)
    describeJudged(openEmpty, relevance)
    describeSuggest(openEmpty)
    describeFilters(openEmpty)
    describeFilmographies(openEmpty)
    describeCursors(openEmpty)
    describePersonNumbers(openEmpty)
    describeSimilar(openEmpty)
    describeJudgedSimilar(openEmpty)
    describeVersions(openEmpty)
    describeHostile(openEmpty)
    describeDigests(openEmpty)
    describeRebuild({ open, clear })
    describeReleases({ open, clear })
  })
}
