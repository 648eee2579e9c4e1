import type { AuditRecord } from '@cinegraph/kit/changes'
import DataLoader from 'dataloader'
import type { AuditSlice, FilmAuditRepository } from './film-audit.repository.js'

export interface FilmAuditLoaders {
  /** Parts of the audits of films, whatever a request asks for, in one statement. */
  readonly audit: DataLoader<AuditSlice, readonly AuditRecord[], string>
  /** How many entries films have. */
  readonly auditCounts: DataLoader<string, number>
}

/** These know nothing of viewers: whoever takes from them asks whether they edit films. */
export const createFilmAuditLoaders = (repository: FilmAuditRepository): FilmAuditLoaders => ({
  audit: new DataLoader((slices) => repository.findSlices(slices), {
    cacheKeyFn: ({ filmId, before, limit }) => JSON.stringify([filmId, before, limit]),
  }),
  auditCounts: new DataLoader((filmIds) => repository.count(filmIds)),
})
