import { AuditConnection, auditEntryOf } from '@cinegraph/kit/graphql/audit'
import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { READ_HIDDEN, readsHidden, WRITE_FILMS, writesFilms } from '../access/film-access.js'
import type { FilmsContext } from '../context.js'
import { type FilmRecord, FilmStatus } from '../films/film.record.js'
import { Film, FilmConnection } from '../films/film.type.js'
import type { FilmHistoryService } from './film-history.service.js'
import '../films/film-status.type.js'

const EDITORS = 'Null without the permission `films:write`.'

/** What editors are told of a film. */
@Resolver(() => Film)
export class FilmStateResolver {
  constructor(private readonly service: FilmHistoryService) {}

  @RequiresPermission(WRITE_FILMS)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => FilmStatus, {
    nullable: true,
    description: `Whether it is published, and what it is otherwise. ${EDITORS}`,
  })
  status(@Root() film: FilmRecord, @Ctx() { viewer }: FilmsContext): FilmStatus | null {
    return writesFilms(viewer) ? film.status : null
  }

  @RequiresPermission(WRITE_FILMS)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => Int, {
    nullable: true,
    description: `Rises with every edit; to be sent with the next one, so that nobody's work is lost. ${EDITORS}`,
  })
  version(@Root() film: FilmRecord, @Ctx() { viewer }: FilmsContext): number | null {
    return writesFilms(viewer) ? film.version : null
  }

  @RequiresPermission(WRITE_FILMS)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description: `When it will be published, while it is SCHEDULED; null otherwise. ${EDITORS}`,
  })
  publishAt(@Root() film: FilmRecord, @Ctx() { viewer }: FilmsContext): string | null {
    return writesFilms(viewer) ? film.publishAt : null
  }

  @RequiresPermission(READ_HIDDEN, WRITE_FILMS)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When it was deleted; null otherwise, and without the permission `films:read-hidden` or `films:write`.',
  })
  deletedAt(@Root() film: FilmRecord, @Ctx() { viewer }: FilmsContext): string | null {
    return readsHidden(viewer) ? film.deletedAt : null
  }

  @RequiresPermission(WRITE_FILMS)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: `True when those without \`requiredRole\` do not even see it. ${EDITORS}`,
  })
  hiddenWithoutRole(@Root() film: FilmRecord, @Ctx() { viewer }: FilmsContext): boolean | null {
    return writesFilms(viewer) ? film.hiddenWithoutRole : null
  }

  @RequiresPermission(WRITE_FILMS)
  @FieldResolver(() => AuditConnection, {
    nullable: true,
    description: `Who edited it, when and what, the newest first. ${EDITORS}`,
  })
  async history(
    @Root() { id }: FilmRecord,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: FilmsContext,
  ) {
    const page = await this.service.history(context, id, args)
    if (!page) return null
    const edges = page.edges.map((it) => ({ ...it, node: auditEntryOf(it.node) }))
    return AuditConnection.from({ ...page, edges })
  }

  @RequiresPermission(READ_HIDDEN, WRITE_FILMS)
  @CacheControl({ scope: 'PRIVATE' })
  @Query(() => FilmConnection, {
    nullable: true,
    description:
      'Films that were deleted and can be restored, the latest first. Needs the permission `films:read-hidden` or `films:write`.',
  })
  async deletedFilms(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { viewer }: FilmsContext,
  ) {
    return FilmConnection.from(await this.service.deletedFilms(viewer, args))
  }
}
