import type { SearchIndex } from '../search-index.js'

/** What an adapter brings to the suite. */
export interface SearchAdapter {
  /** An index as another process of `release` would open it, started. Releases need different documents. */
  open: (release?: number) => Promise<SearchIndex>
  /** Deletes the indexes of all releases. */
  clear: () => Promise<void>
  /** The mean nDCG@10 over the judged queries below which it must not fall. */
  relevance: number
}
