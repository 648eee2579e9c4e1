import type { DocumentDigest, IndexContent } from '../search-index.js'

/** Is no digest of a document, so that whoever compares sends it again. */
const UNLIKE = ''

/** What is in two indexes that are to be alike. */
export const bothOf = (one: IndexContent, other: IndexContent): IndexContent => ({
  async upsert(kind, documents) {
    await one.upsert(kind, documents)
    await other.upsert(kind, documents)
  },
  async remove(kind, entries) {
    await one.remove(kind, entries)
    await other.remove(kind, entries)
  },
  count: (kind) => one.count(kind),
  async digests(kind, selection) {
    const [left, right] = await Promise.all([
      one.digests(kind, selection),
      other.digests(kind, selection),
    ])
    const union = unionOf(left, right)
    return 'ids' in selection ? union : union.slice(0, selection.limit)
  },
})

/** In the order of ids. A document that only one has, or that both have otherwise, is unlike any. */
function unionOf(left: readonly DocumentDigest[], right: readonly DocumentDigest[]) {
  const others = new Map(right.map(({ id, digest }) => [id, digest]))
  const union = left.map(({ id, digest }) => ({
    id,
    digest: others.get(id) === digest ? digest : UNLIKE,
  }))
  const known = new Set(left.map(({ id }) => id))
  const surplus = right.filter(({ id }) => !known.has(id))
  return [...union, ...surplus.map(({ id }) => ({ id, digest: UNLIKE }))].toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  )
}
