import { parseId } from '@cinegraph/kit/lookup'
import type { PeopleContext } from '../context.js'
import type { StoredPerson } from './person.repository.js'

export async function resolvePersonReference(
  reference: { id: string },
  { loaders }: PeopleContext,
): Promise<StoredPerson | null> {
  const id = parseId(reference.id)
  return id === undefined ? null : loaders.person.load(id)
}
