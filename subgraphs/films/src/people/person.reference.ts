import { parseId } from '@cinegraph/kit/lookup'

/** Whether there is such a person, people knows; null when nothing can have the id. */
export function resolvePersonReference(reference: { id: string }): { id: string } | null {
  const id = parseId(reference.id)
  return id === undefined ? null : { id }
}
