import type { AuditRecord } from '@cinegraph/kit/changes'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { WRITE_PEOPLE } from '../permissions.js'
import type { AuditCountLoader, AuditLoader } from './audit.loader.js'
import type { Audited } from './audit.repository.js'

interface Reader {
  readonly viewer: Viewer
  readonly loaders: { readonly audit: AuditLoader; readonly auditCounts: AuditCountLoader }
}

const cursorKey = z.tuple([z.int32()])
const AFTER_ALL = 2 ** 31 - 1

/** What is for editors alone. All throw UNAUTHENTICATED and FORBIDDEN. */
export class HistoryService {
  versionOf(viewer: Viewer, { version }: { version: number }): number {
    requirePermission(viewer, WRITE_PEOPLE)
    return version
  }

  /** The newest first. Throws BAD_USER_INPUT for `first` outside 1 to 100 or a foreign cursor. */
  async historyOf(
    { viewer, loaders }: Reader,
    { kind, id }: Audited,
    args: { first: number; after?: string | null },
  ): Promise<Page<AuditRecord>> {
    requirePermission(viewer, WRITE_PEOPLE)
    const first = pageSize(args.first)
    const before = args.after == null ? AFTER_ALL : decodeCursor(cursorKey, args.after)[0]
    const entries = await loaders.audit.load({ kind, id, before, limit: first + 1 })
    return {
      edges: entries
        .slice(0, first)
        .map((entry) => ({ node: entry, cursor: encodeCursor([entry.version]) })),
      hasNextPage: entries.length > first,
      hasPreviousPage: args.after != null,
      count: () => loaders.auditCounts.load({ kind, id }),
    }
  }
}
