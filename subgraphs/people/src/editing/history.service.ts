import type { AuditRecord } from '@cinegraph/kit/changes'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { WRITE_FILMS, WRITE_PEOPLE } from '../permissions.js'
import type { AuditCountLoader, AuditLoader } from './audit.loader.js'
import type { Audited } from './audit.repository.js'

interface Reader {
  readonly viewer: Viewer
  readonly loaders: { readonly audit: AuditLoader; readonly auditCounts: AuditCountLoader }
}

interface Part {
  readonly first: number
  readonly after?: string | null
}

// nothing has this id
const NOBODY = '00000000-0000-0000-0000-000000000000'
const cursorKey = z.tuple([z.int32()])
const AFTER_ALL = 2 ** 31 - 1

/** What is for editors alone. All throw UNAUTHENTICATED and FORBIDDEN. */
export class HistoryService {
  versionOf(viewer: Viewer, { version }: { version: number }): number {
    requirePermission(viewer, WRITE_PEOPLE)
    return version
  }

  /** As `historyOf`, of an id that may be that of nothing. The links of films that are hidden are for who sees them. */
  async find(reader: Reader, { kind, id: given }: Audited, args: Part): Promise<Page<AuditRecord>> {
    requirePermission(reader.viewer, WRITE_PEOPLE)
    if (kind === 'FILM_LINKS') requirePermission(reader.viewer, WRITE_FILMS)
    return this.historyOf(reader, { kind, id: parseId(given) ?? NOBODY }, args)
  }

  /** The newest first. Throws BAD_USER_INPUT for `first` outside 1 to 100 or a foreign cursor. */
  async historyOf(
    { viewer, loaders }: Reader,
    { kind, id }: Audited,
    args: Part,
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
