import { Authenticated } from '@cinegraph/kit/graphql/authorization'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmConnection } from '../films/film.type.js'
import { type HiddenRecommendationService, MOST_HIDDEN } from './hidden-recommendation.service.js'

@Resolver()
export class HiddenRecommendationResolver {
  constructor(private readonly service: HiddenRecommendationService) {}

  @Authenticated()
  @CacheControl({ scope: 'PRIVATE' })
  @Query(() => FilmConnection, {
    nullable: true,
    description:
      'The films that you hid from your recommendations, the one hidden last first; without those that you may no longer see.',
  })
  async hiddenRecommendations(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: FilmsContext,
  ) {
    return FilmConnection.from(await this.service.list(args, context))
  }

  @Authenticated()
  @Mutation(() => ID, {
    nullable: true,
    description: `Keeps a film out of your \`recommendedFilms\`, and returns its id; hiding it again changes nothing. NOT_FOUND when there is no such film, CONFLICT when you have hidden ${MOST_HIDDEN} others. Null only together with an error.`,
  })
  hideRecommendation(
    @Arg('filmId', () => ID, { description: 'The film.' }) filmId: string,
    @Ctx() context: FilmsContext,
  ): Promise<string> {
    return this.service.hide(filmId, context)
  }

  @Authenticated()
  @Mutation(() => ID, {
    nullable: true,
    description:
      'Undoes `hideRecommendation`, and returns the id; a film that was not hidden stays as it is. Null only together with an error.',
  })
  unhideRecommendation(
    @Arg('filmId', () => ID, { description: 'The film.' }) filmId: string,
    @Ctx() { viewer }: FilmsContext,
  ): Promise<string> {
    return this.service.show(filmId, viewer)
  }
}
