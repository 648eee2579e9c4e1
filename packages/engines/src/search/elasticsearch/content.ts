import type { DocumentDigest, IndexContent } from '../search-index.js'
import { live } from './film-filter.js'
import type { Reader } from './reader.js'
import { type Target, writeDocuments, writeTombstones } from './write.js'

const PAGE = 5_000

/** Reads of what is in an index, and writes for which `write` decides where they go. `before` comes before each read. */
export function createContent(
  reader: Reader,
  write: (task: (target: Target) => Promise<void>) => Promise<void>,
  before: () => Promise<void> = async () => {},
): IndexContent {
  return {
    upsert: (kind, documents) => write((target) => writeDocuments(target, kind, documents)),
    remove: (kind, entries) => write((target) => writeTombstones(target, kind, entries)),
    async count(kind) {
      await before()
      return reader.count({ bool: { filter: live(kind) } })
    },
    async digests(kind, selection) {
      await before()
      const found: DocumentDigest[] = []
      const limit = 'ids' in selection ? Infinity : selection.limit
      let after = 'ids' in selection ? null : selection.after
      const chosen = 'ids' in selection ? [{ terms: { id: [...selection.ids] } }] : []
      while (found.length < limit) {
        const size = Math.min(PAGE, limit - found.length)
        const { hits } = await reader.search<DocumentDigest>({
          ...{ size, _source: ['id', 'digest'], track_total_hits: false },
          query: { bool: { filter: [...live(kind), ...chosen] } },
          sort: [{ id: 'asc' }],
          ...(after !== null && { search_after: [after] }),
        })
        const page = hits.hits.map(({ _source }) => _source!)
        found.push(...page)
        if (page.length < size) break
        after = page.at(-1)!.id
      }
      return found
    },
  }
}
