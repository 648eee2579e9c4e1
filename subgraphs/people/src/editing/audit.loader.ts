import type { AuditRecord } from '@cinegraph/kit/changes'
import DataLoader from 'dataloader'
import type { Audited, AuditRepository, AuditSlice } from './audit.repository.js'

/** Parts of audits, whatever a request asks for, in one statement. */
export type AuditLoader = DataLoader<AuditSlice, readonly AuditRecord[], string>

export const createAuditLoader = (repository: AuditRepository): AuditLoader =>
  new DataLoader((slices) => repository.findSlices(slices), {
    cacheKeyFn: ({ kind, id, before, limit }) => JSON.stringify([kind, id, before, limit]),
  })

export type AuditCountLoader = DataLoader<Audited, number, string>

export const createAuditCountLoader = (repository: AuditRepository): AuditCountLoader =>
  new DataLoader((audited) => repository.count(audited), {
    cacheKeyFn: ({ kind, id }) => JSON.stringify([kind, id]),
  })
