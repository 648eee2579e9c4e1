import { parseId } from '@cinegraph/kit/lookup'
import type { PeopleContext } from '../context.js'
import type { GenreRecord } from './genre.repository.js'

export async function resolveGenreReference(
  reference: { id: string },
  { loaders }: PeopleContext,
): Promise<GenreRecord | null> {
  const id = parseId(reference.id)
  return id === undefined ? null : loaders.genre.load(id)
}
