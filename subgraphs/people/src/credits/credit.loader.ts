import DataLoader from 'dataloader'
import type {
  CreditCount,
  CreditRecord,
  CreditRepository,
  CreditSlice,
} from './credit.repository.js'

/** Parts of films' credits, whatever films and arguments a request asks for, in one statement. */
export type CreditLoader = DataLoader<CreditSlice, readonly CreditRecord[], string>

export const createCreditLoader = (repository: CreditRepository): CreditLoader =>
  new DataLoader((slices) => repository.findSlices(slices), {
    cacheKeyFn: ({ filmId, roles, after, limit }) => JSON.stringify([filmId, roles, after, limit]),
  })

/** Credits of a film per role. */
export type CreditCountLoader = DataLoader<string, readonly CreditCount[]>

export const createCreditCountLoader = (repository: CreditRepository): CreditCountLoader =>
  new DataLoader(async (filmIds) => {
    const byFilm = Map.groupBy(await repository.countByRole(filmIds), (count) => count.filmId)
    return filmIds.map((id) => byFilm.get(id) ?? [])
  })
