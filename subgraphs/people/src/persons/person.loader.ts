import DataLoader from 'dataloader'
import type { PersonRecord, PersonRepository } from './person.repository.js'

/** By id as the database writes it; null when absent. */
export type PersonLoader = DataLoader<string, PersonRecord | null>

export const createPersonLoader = (repository: PersonRepository): PersonLoader =>
  new DataLoader(async (ids) => {
    const found = new Map((await repository.findByIds(ids)).map((person) => [person.id, person]))
    return ids.map((id) => found.get(id) ?? null)
  })
