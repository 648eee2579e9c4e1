import { parseId } from '@cinegraph/kit/lookup'

/** Whether there is such a genre, people knows; null when nothing can have the id. */
export function resolveGenreReference(reference: { id: string }): { id: string } | null {
  const id = parseId(reference.id)
  return id === undefined ? null : { id }
}
