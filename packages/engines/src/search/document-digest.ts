import { createHash } from 'node:crypto'
import type { DocumentKind, DocumentsByKind } from './search-index.js'

/**
 * A digest of all that a document says but its version: the same for documents that say the same, whatever the order of their
 * members. An index keeps it beside the document, so that what it has can be compared with what it should have.
 */
export function documentDigest({ version: _, ...content }: DocumentsByKind[DocumentKind]): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(content)))
    .digest('base64url')
}

/** A copy whose members are in the order of their names: quicker than a replacer, and nothing is done more often to compare a catalogue. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const ordered: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    ordered[name] = inOrder((value as Record<string, unknown>)[name])
  }
  return ordered
}
