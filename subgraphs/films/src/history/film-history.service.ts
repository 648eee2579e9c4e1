import type { AuditRecord } from '@cinegraph/kit/changes'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { READ_HIDDEN, readsHidden, writesFilms } from '../access/film-access.js'
import type { FilmRecord } from '../films/film.record.js'
import type { DeletedFilmRepository, DeletedPlace } from './deleted-film.repository.js'
import type { FilmAuditLoaders } from './film-audit.loader.js'

interface PageArgs {
  readonly first: number
  readonly after?: string | null
}

const versionCursor = z.tuple([z.int32()])
const deletedCursor = z.tuple([z.iso.datetime(), z.guid()])

const AFTER_ALL = 2 ** 31 - 1

interface Reader {
  readonly viewer: Viewer
  readonly loaders: FilmAuditLoaders
}

export class FilmHistoryService {
  constructor(private readonly deleted: DeletedFilmRepository) {}

  /** Edits of a film that the viewer sees, the newest first; null without `films:write`. */
  async history(
    { viewer, loaders }: Reader,
    filmId: string,
    { first, after }: PageArgs,
  ): Promise<Page<AuditRecord> | null> {
    if (!writesFilms(viewer)) return null
    const before = after == null ? AFTER_ALL : decodeCursor(versionCursor, after)[0]
    const size = pageSize(first)
    const found = await loaders.audit.load({ filmId, before, limit: size + 1 })
    return {
      edges: found.slice(0, size).map((node) => ({ node, cursor: encodeCursor([node.version]) })),
      hasNextPage: found.length > size,
      hasPreviousPage: after != null,
      count: () => loaders.auditCounts.load(filmId),
    }
  }

  /** Deleted films, the latest first. Throws UNAUTHENTICATED, and FORBIDDEN for who does not see hidden ones. */
  async deletedFilms(viewer: Viewer, { first, after }: PageArgs): Promise<Page<FilmRecord>> {
    if (!readsHidden(viewer)) requirePermission(viewer, READ_HIDDEN)
    const size = pageSize(first)
    const found = await this.deleted.list({
      limit: size + 1,
      after: after == null ? undefined : placeOf(after),
    })
    return {
      edges: found
        .slice(0, size)
        .map((film) => ({ node: film, cursor: encodeCursor([film.deletedAt, film.id]) })),
      hasNextPage: found.length > size,
      hasPreviousPage: after != null,
      count: () => this.deleted.count(),
    }
  }
}

function placeOf(cursor: string): DeletedPlace {
  const [deletedAt, id] = decodeCursor(deletedCursor, cursor)
  return { deletedAt: new Date(deletedAt), id }
}
