import DataLoader from 'dataloader'
import type { StoredPerson, PersonRepository } from './person.repository.js'

/** By id as the database writes it, that of a merged person too; null when absent. */
export type PersonLoader = DataLoader<string, StoredPerson | null>

export const createPersonLoader = (repository: PersonRepository): PersonLoader =>
  new DataLoader(async (ids) => {
    const found = await repository.findByIds(ids)
    return ids.map((id) => found.get(id) ?? null)
  })
