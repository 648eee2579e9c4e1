import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { z } from 'zod'
import type { FilmsContext } from '../context.js'
import { Film } from '../films/film.type.js'
import { InLanguage } from '../films/in-language.js'
import type { Reason } from './reason.js'
import { reasonText } from './reason-text.js'
import type { RecommendationService } from './recommendation.service.js'
import {
  RecommendationConnection,
  RecommendationEdge,
  RecommendationReason,
  RecommendedFilmsArgs,
} from './recommendation.type.js'

@Resolver(() => Film)
export class SimilarFilmResolver {
  constructor(private readonly service: RecommendationService) {}

  @CacheControl({ maxAge: 30 })
  @FieldResolver(() => RecommendationConnection, {
    nullable: true,
    description:
      'Films like this one, with the reasons: the same persons in the same role, the same genres. What you hid is among them too.',
  })
  async similar(
    @Root() { id }: Film,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: FilmsContext,
  ): Promise<RecommendationConnection> {
    return RecommendationConnection.from(await this.service.similar(id, page, context))
  }
}

const MOST_REASONS = 10
const REASONS = 3
const limitMessage = `must be between 1 and ${MOST_REASONS}`
const limitSchema = z.number().min(1, limitMessage).max(MOST_REASONS, limitMessage)

@Resolver(() => RecommendationEdge)
export class RecommendationResolver {
  constructor(private readonly service: RecommendationService) {}

  @CacheControl({ scope: 'PRIVATE' })
  @Query(() => RecommendationConnection, {
    nullable: true,
    description:
      'Films for you, with the reasons: like those of `basedOn`, without what you hid with `hideRecommendation`. Where nothing is like them, the films with the highest external rating.',
  })
  async recommendedFilms(
    @Args(() => RecommendedFilmsArgs) args: RecommendedFilmsArgs,
    @Ctx() context: FilmsContext,
  ): Promise<RecommendationConnection> {
    return RecommendationConnection.from(await this.service.recommended(args, context))
  }

  @FieldResolver(() => [RecommendationReason], {
    description: 'Why it is recommended, the weightiest reason first; at least one.',
  })
  reasons(
    @Root() { all }: RecommendationEdge,
    @Arg('first', () => Int, {
      defaultValue: REASONS,
      description: `How many reasons at most, 1 to ${MOST_REASONS}.`,
    })
    first: number,
  ): readonly Reason[] {
    return all.slice(0, validate(limitSchema, first, 'first'))
  }
}

@Resolver(() => RecommendationReason)
export class RecommendationReasonResolver {
  @FieldResolver(() => String, {
    description:
      'A sentence to show, without a full stop: "Same director", in `recommendedFilms` with the film, "Same director as “Metropolis”". The names are in `persons` and `genres`.',
  })
  text(@Root() reason: RecommendationReason, @InLanguage() language: Language): string {
    return reasonText(reason, language)
  }
}
