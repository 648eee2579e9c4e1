import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { AuditConnection } from '@cinegraph/kit/graphql/audit'
import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import type { HistoryService } from '../editing/history.service.js'
import { historyOf } from '../editing/history.type.js'
import { DeleteArgs, SeenArgs } from '../editing/seen.args.js'
import { EDITING, WRITING } from '../editing/texts.type.js'
import { WRITE_PEOPLE } from '../permissions.js'
import type { GenreEditingService } from './genre-editing.service.js'
import {
  CreateGenreInput,
  EditGenreResult,
  genreResultOf,
  UpdateGenreInput,
} from './genre-editing.type.js'
import type { StoredGenre } from './genre.repository.js'
import { Genre } from './genre.type.js'

@Resolver(() => Genre)
export class GenreEditingResolver {
  constructor(
    private readonly service: GenreEditingService,
    private readonly histories: HistoryService,
  ) {}

  @RequiresPermission(WRITE_PEOPLE)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => Int, {
    nullable: true,
    description: `To be given with an edit: rises by one with every edit. ${WRITING}`,
  })
  version(@Root() genre: StoredGenre, @Ctx() { viewer }: PeopleContext): number {
    return this.histories.versionOf(viewer, genre)
  }

  @RequiresPermission(WRITE_PEOPLE)
  @FieldResolver(() => AuditConnection, {
    nullable: true,
    description: `Who changed what, the newest first. ${WRITING}`,
  })
  async history(
    @Root() { id }: StoredGenre,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: PeopleContext,
  ) {
    return historyOf(await this.histories.historyOf(context, { kind: 'GENRE', id }, args))
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => Genre, {
    nullable: true,
    description: `Makes a genre, which no film has yet. CONFLICT when the slug is taken. ${EDITING}`,
  })
  createGenre(
    @Arg('input', () => CreateGenreInput, { description: 'The genre.' }) input: CreateGenreInput,
    @Ctx() { viewer }: PeopleContext,
  ): Promise<StoredGenre> {
    return this.service.create(viewer, input)
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => EditGenreResult, {
    nullable: true,
    description: `Changes a genre. NOT_FOUND when there is none of this id. CONFLICT when the slug is taken. ${EDITING}`,
  })
  async updateGenre(
    @Args(() => SeenArgs) seen: SeenArgs,
    @Arg('input', () => UpdateGenreInput, { description: 'What is to change.' })
    input: UpdateGenreInput,
    @Ctx() { viewer }: PeopleContext,
  ) {
    return genreResultOf(await this.service.update(viewer, seen, input))
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => EditGenreResult, {
    nullable: true,
    description: `Deletes a genre, and answers with what was there. NOT_FOUND when there is none of this id. CONFLICT when films are of it. ${EDITING}`,
  })
  async deleteGenre(@Args(() => DeleteArgs) args: DeleteArgs, @Ctx() { viewer }: PeopleContext) {
    return genreResultOf(await this.service.delete(viewer, args))
  }
}
