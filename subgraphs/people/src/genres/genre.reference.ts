import { parseId } from '@cinegraph/kit/lookup'
import type { PeopleContext } from '../context.js'
import type { StoredGenre } from './genre.repository.js'

export async function resolveGenreReference(
  reference: { id: string },
  { loaders }: PeopleContext,
): Promise<StoredGenre | null> {
  const id = parseId(reference.id)
  return id === undefined ? null : loaders.genre.load(id)
}
