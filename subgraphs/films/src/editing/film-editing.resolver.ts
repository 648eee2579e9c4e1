import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql'
import { WRITE_FILMS } from '../access/film-access.js'
import type { FilmsContext } from '../context.js'
import type { FilmRecord } from '../films/film.record.js'
import { Film } from '../films/film.type.js'
import type { BulkEditingService } from './bulk-editing.service.js'
import { CreateFilmInput, FilmEditInput, UpdateFilmInput } from './film-editing.input.js'
import type { FilmEditingService } from './film-editing.service.js'
import { EditFilmResult, FilmEditOutcome } from './film-editing.type.js'
import { FILM_LIMITS } from './film.rules.js'
import { SeenFilmArgs } from './seen-film.args.js'

type Result = Promise<typeof EditFilmResult>

const EDITORS =
  'NOT_FOUND when there is no such film. Needs the permission `films:write`. Null only together with an error.'

@Resolver()
export class FilmEditingResolver {
  constructor(
    private readonly service: FilmEditingService,
    private readonly bulk: BulkEditingService,
  ) {}

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => Film, {
    nullable: true,
    description:
      'Makes a film, as a draft. CONFLICT when another film has its slug or one of its external ids. Needs the permission `films:write`. ' +
      'Null only together with an error.',
  })
  createFilm(
    @Arg('input', () => CreateFilmInput, { description: 'The film.' }) input: CreateFilmInput,
    @Ctx() { viewer }: FilmsContext,
  ): Promise<FilmRecord> {
    return this.service.create(viewer, input)
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Changes fields of a film. CONFLICT when another film has its slug or one of its external ids. ${EDITORS}`,
  })
  updateFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Arg('input', () => UpdateFilmInput, { description: 'What is to change.' })
    input: UpdateFilmInput,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.update(viewer, seen, input)
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Publishes a film that is a draft or scheduled; CONFLICT for any other. ${EDITORS}`,
  })
  publishFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.move(viewer, seen, 'PUBLISH')
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Has a draft published at a time, or a scheduled film at another; CONFLICT for any other. ${EDITORS}`,
  })
  scheduleFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Arg('publishAt', () => GraphQLDateTime, {
      description: `When: in the future, within ${FILM_LIMITS.scheduleYears} years.`,
    })
    publishAt: Date,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.schedule(viewer, seen, publishAt)
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Makes a draft of a film that is published or scheduled; CONFLICT for any other. ${EDITORS}`,
  })
  unpublishFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.move(viewer, seen, 'UNPUBLISH')
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Takes a film out of the catalogue; CONFLICT when it is archived already. ${EDITORS}`,
  })
  archiveFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.move(viewer, seen, 'ARCHIVE')
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Makes a draft of an archived film, and brings a deleted one back as it was; CONFLICT for any other. ${EDITORS}`,
  })
  restoreFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.move(viewer, seen, 'RESTORE')
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description: `Deletes a film: nobody sees it any more but in \`deletedFilms\`, and \`restoreFilm\` brings it back. ${EDITORS}`,
  })
  deleteFilm(
    @Args(() => SeenFilmArgs) seen: SeenFilmArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Result {
    return this.service.move(viewer, seen, 'DELETE')
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => [FilmEditOutcome], {
    nullable: true,
    description:
      `Makes 1 to ${FILM_LIMITS.edits} edits, each by itself: one that cannot be done stops no other. An outcome for each, in the order given; ` +
      'once the service is not available the rest is not tried. Needs the permission `films:write`. Null only together with an error.',
  })
  editFilms(
    @Arg('edits', () => [FilmEditInput], { description: 'The edits; they are done in this order.' })
    edits: FilmEditInput[],
    @Ctx() context: FilmsContext,
  ) {
    return this.bulk.edit(context, edits)
  }
}
