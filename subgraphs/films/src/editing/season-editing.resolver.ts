import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { Args, ArgsType, Ctx, Field, ID, Int, Mutation, Resolver } from 'type-graphql'
import { WRITE_FILMS } from '../access/film-access.js'
import type { FilmsContext } from '../context.js'
import type { FilmEditingService } from './film-editing.service.js'
import { EditFilmResult } from './film-editing.type.js'
import { SeasonInput } from './season.input.js'

@ArgsType()
class SeenSeriesArgs {
  @Field(() => ID, { description: 'The id of the series.' })
  filmId!: string

  @Field(() => Int, { description: 'The `version` of the series that you saw.' })
  version!: number
}

@ArgsType()
class SaveSeasonArgs extends SeenSeriesArgs {
  @Field(() => SeasonInput, { description: 'The season.' })
  season!: SeasonInput
}

@ArgsType()
class DeleteSeasonArgs extends SeenSeriesArgs {
  @Field(() => Int, { description: 'The number of the season.' })
  number!: number
}

@Resolver()
export class SeasonEditingResolver {
  constructor(private readonly service: FilmEditingService) {}

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description:
      'Makes or changes a season of a series, with all of its episodes. CONFLICT for a movie, NOT_FOUND when there is no such ' +
      'film. Needs the permission `films:write`. Null only together with an error.',
  })
  saveSeason(
    @Args(() => SaveSeasonArgs) { filmId: id, version, season }: SaveSeasonArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Promise<typeof EditFilmResult> {
    return this.service.saveSeason(viewer, { id, version }, season)
  }

  @RequiresPermission(WRITE_FILMS)
  @Mutation(() => EditFilmResult, {
    nullable: true,
    description:
      'Deletes a season with all of its episodes. NOT_FOUND when there is none, or no such film. Needs the ' +
      'permission `films:write`. Null only together with an error.',
  })
  deleteSeason(
    @Args(() => DeleteSeasonArgs) { filmId: id, version, number }: DeleteSeasonArgs,
    @Ctx() { viewer }: FilmsContext,
  ): Promise<typeof EditFilmResult> {
    return this.service.deleteSeason(viewer, { id, version }, number)
  }
}
