import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { LookupArgs } from '@cinegraph/kit/graphql/lookup'
import { translate } from '@cinegraph/kit/language'
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import type { StoredPerson } from './person.repository.js'
import type { PersonService } from './person.service.js'
import { translationsOf } from './person-translations.js'
import { PersonTranslation } from './person-translation.type.js'
import { Person, PersonConnection, PersonsArgs } from './person.type.js'

@Resolver(() => Person)
export class PersonResolver {
  constructor(private readonly service: PersonService) {}

  @Query(() => Person, { nullable: true, description: 'One person; null when there is none.' })
  async person(
    @Args(() => LookupArgs) lookup: LookupArgs,
    @Ctx() { loaders }: PeopleContext,
  ): Promise<StoredPerson | null> {
    return this.service.find(lookup, loaders.person)
  }

  @CacheControl({ maxAge: 30 })
  @Query(() => PersonConnection, {
    nullable: true,
    description: 'Everyone, or those whose name matches `text`; null only together with an error.',
  })
  async persons(@Args(() => PersonsArgs) args: PersonsArgs, @Ctx() context: PeopleContext) {
    return PersonConnection.from(await this.service.list(args, context))
  }

  @FieldResolver(() => String, {
    description:
      'Full name in `language`, or in the other one when it has no name in this; its slug when it has none at all.',
  })
  name(
    @Root() person: StoredPerson,
    @Arg('language', () => Language, {
      defaultValue: Language.EN,
      description: 'Language of the name.',
    })
    language: Language,
  ): string {
    return translate(person.name, language) ?? person.slug
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'A life in a few sentences, in `language` or in the other one; null when nobody wrote it.',
  })
  biography(
    @Root() person: StoredPerson,
    @Arg('language', () => Language, {
      defaultValue: Language.EN,
      description: 'Language of the biography.',
    })
    language: Language,
  ): string | undefined {
    return translate(person.biography, language)
  }

  @FieldResolver(() => [PersonTranslation], {
    description: 'Its texts as they were written, one for each language that it has a name in.',
  })
  translations(@Root() person: StoredPerson): PersonTranslation[] {
    return translationsOf(person)
  }
}
