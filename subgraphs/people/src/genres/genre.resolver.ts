import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { LookupArgs } from '@cinegraph/kit/graphql/lookup'
import { translate } from '@cinegraph/kit/language'
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import type { StoredGenre } from './genre.repository.js'
import { type GenreService, nameOf } from './genre.service.js'
import { translationsOf } from './genre-translations.js'
import { GenreTranslation } from './genre-translation.type.js'
import { Genre, GenreConnection, GenresArgs } from './genre.type.js'

@Resolver(() => Genre)
export class GenreResolver {
  constructor(private readonly service: GenreService) {}

  @Query(() => Genre, { nullable: true, description: 'One genre; null when there is none.' })
  async genre(
    @Args(() => LookupArgs) lookup: LookupArgs,
    @Ctx() { viewer }: PeopleContext,
  ): Promise<StoredGenre | null> {
    return this.service.find(viewer, lookup)
  }

  @CacheControl({ maxAge: 30 })
  @Query(() => GenreConnection, {
    nullable: true,
    description: 'All genres; null only together with an error.',
  })
  async genres(@Args(() => GenresArgs) args: GenresArgs, @Ctx() { viewer }: PeopleContext) {
    return GenreConnection.from(await this.service.list(viewer, args))
  }

  @FieldResolver(() => String, {
    description:
      'Name in `language`, or in the other one when it has no name in this; its slug when it has none at all.',
  })
  name(
    @Root() genre: StoredGenre,
    @Arg('language', () => Language, {
      defaultValue: Language.EN,
      description: 'Language of the name.',
    })
    language: Language,
  ): string {
    return nameOf(genre, language)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What to expect of such films, in `language` or in the other one; null when nobody wrote it.',
  })
  description(
    @Root() genre: StoredGenre,
    @Arg('language', () => Language, {
      defaultValue: Language.EN,
      description: 'Language of the description.',
    })
    language: Language,
  ): string | undefined {
    return translate(genre.description, language)
  }

  @FieldResolver(() => [GenreTranslation], {
    description: 'Its texts as they were written, one for each language that it has a name in.',
  })
  translations(@Root() genre: StoredGenre): GenreTranslation[] {
    return translationsOf(genre)
  }
}
