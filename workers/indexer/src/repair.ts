import type { IndexContent } from '@cinegraph/engines/search/search-index'
import { batches } from './batches.js'
import { type CompareOptions, type Difference, differences, differencesOf } from './compare.js'
import { KINDS } from './project.js'
import { refresh } from './refresh.js'

export interface RepairOptions extends CompareOptions {
  search: Pick<IndexContent, 'digests' | 'upsert' | 'remove'>
  /** Called for each difference that was found, before it is repaired. */
  onDifference?: (difference: Difference) => void
}

export interface Repaired {
  /** Differences that were found. */
  readonly found: number
  /** Those of them that are still there. */
  readonly left: number
}

const AT_ONCE = 200
/** What changes again and again while it is repaired differs for a moment; nothing does so this often in a row. */
const ROUNDS = 3

/** Finds every difference between catalogue and index, and repairs it. */
export async function repair(options: RepairOptions): Promise<Repaired> {
  let [found, left] = [0, 0]
  for (const kind of KINDS) {
    for await (const page of batches(differences(kind, options), AT_ONCE)) {
      for (const difference of page) options.onDifference?.(difference)
      found += page.length
      left += await repairAll(page, options)
    }
  }
  return { found, left }
}

/** How many differ in spite of it. */
async function repairAll(page: readonly Difference[], options: RepairOptions): Promise<number> {
  let left = page
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    const [{ kind }] = left as [Difference]
    const ids = left.map(({ id }) => id)
    await refresh(kind, ids, options)
    left = await differencesOf(kind, ids, options)
  }
  return left.length
}
