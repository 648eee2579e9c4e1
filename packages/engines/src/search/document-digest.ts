import { createHash } from 'node:crypto'
import type { DocumentKind, DocumentsByKind } from './search-index.js'

/**
 * A digest of all that a document says but its version: the same for documents that say the same, whatever the order of their
 * members. An index keeps it beside the document, so that what it has can be compared with what it should have.
 */
export function documentDigest({ version: _, ...content }: DocumentsByKind[DocumentKind]): string {
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('base64url')
}

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value
