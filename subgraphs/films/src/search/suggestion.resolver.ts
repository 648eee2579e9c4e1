import { Args, Ctx, Query, Resolver } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import type { SuggestionRecord, SuggestionService } from './suggestion.service.js'
import { SuggestArgs, Suggestion } from './suggestion.type.js'

@Resolver()
export class SuggestionResolver {
  constructor(private readonly service: SuggestionService) {}

  @Query(() => [Suggestion], {
    nullable: true,
    description:
      'Films, persons and genres whose names begin with what is being typed, best first.',
  })
  suggest(
    @Args(() => SuggestArgs) args: SuggestArgs,
    @Ctx() context: FilmsContext,
  ): Promise<SuggestionRecord[]> {
    return this.service.suggest(args, context)
  }
}
